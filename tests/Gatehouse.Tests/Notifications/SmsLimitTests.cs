using Gatehouse.Notifications.Sms;

namespace Gatehouse.Tests.Notifications;

public class SmsLimitTests
{
    [Theory]
    [InlineData("+14155552671", "US")]
    [InlineData("+16135550123", "CA")]
    [InlineData("+18765550123", "JM")]
    [InlineData("+34612345678", "ES")]
    [InlineData("+919876543210", "IN")]
    [InlineData("+447400123456", "GB")]
    [InlineData("+447797812345", "JE")]
    [InlineData("+77011234567", "KZ")]
    [InlineData("+14150000000", "US")]
    [InlineData("+8816123456", "ZZ")]
    [InlineData("+80012345678", "ZZ")]
    [InlineData("+999123456789", "ZZ")]
    [InlineData("", "ZZ")]
    [InlineData("not a number", "ZZ")]
    public void A_number_is_of_the_country_that_is_paid(string number, string country) => Assert.Equal(country, PhoneCountry.Of(number));

    [Theory]
    [InlineData("", "ES", 1000)]
    [InlineData("", "ZZ", 1000)]
    [InlineData("ES,IN=7", "ES", 1000)]
    [InlineData("ES,IN=7", "IN", 7)]
    [InlineData("es , in = 7", "IN", 7)]
    [InlineData("ES,IN=7", "FR", 0)]
    [InlineData("ES,IN=7", "ZZ", 0)]
    [InlineData("*,IN=7", "FR", 1000)]
    [InlineData("*,IN=7", "IN", 7)]
    [InlineData("*,IN=0", "IN", 0)]
    public void A_country_has_its_own_limit_the_common_one_or_none(string countries, string country, int limit)
    {
        var options = new SmsOptions { Countries = countries.Split(',', StringSplitOptions.RemoveEmptyEntries) };

        Assert.Equal(limit, options.LimitOf(country));
    }
}
