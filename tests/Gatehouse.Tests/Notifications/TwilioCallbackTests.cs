using Gatehouse.Notifications.Sms;
using Gatehouse.Web;

namespace Gatehouse.Tests.Notifications;

public class TwilioCallbackTests
{
    private static readonly TwilioCallback Callback = new(
        new HttpOptions { PublicUrl = new Uri("https://accounts.example.com") },
        new SmsOptions
        {
            Sender = "twilio",
            Twilio = new TwilioOptions { AuthToken = "12345" },
        }
    );

    // The example of Twilio's documentation, https://www.twilio.com/docs/usage/security.
    private static readonly Uri Example = new("https://mycompany.com/myapp.php?foo=1&bar=2");
    private static readonly Dictionary<string, string> Fields = new(StringComparer.Ordinal)
    {
        ["CallSid"] = "CA1234567890ABCDE",
        ["Caller"] = "+12349013030",
        ["Digits"] = "1234",
        ["From"] = "+12349013030",
        ["To"] = "+18005551212",
    };

    [Fact]
    public void The_documented_example_is_recognized_and_nothing_beside_it()
    {
        Assert.True(Callback.IsSigned(Example, Fields, "0/KCTR6DLpKmkAf8muzZqo1nDgQ="));

        Assert.False(Callback.IsSigned(Example, Fields, "1/KCTR6DLpKmkAf8muzZqo1nDgQ="));
        Assert.False(Callback.IsSigned(new Uri("https://mycompany.com/myapp.php?foo=1&bar=3"), Fields, "0/KCTR6DLpKmkAf8muzZqo1nDgQ="));
        Assert.False(
            Callback.IsSigned(
                Example,
                new Dictionary<string, string>(Fields, StringComparer.Ordinal) { ["Digits"] = "1235" },
                "0/KCTR6DLpKmkAf8muzZqo1nDgQ="
            )
        );
    }

    [Theory]
    [InlineData("https://accounts.example.com", true)]
    [InlineData("http://localhost:8080", false)]
    [InlineData("http://127.0.0.1:8080", false)]
    [InlineData("http://[::1]:8080", false)]
    public void Reports_are_asked_for_where_Twilio_can_reach_us(string publicUrl, bool isUsed) =>
        Assert.Equal(
            isUsed,
            new TwilioCallback(
                new HttpOptions { PublicUrl = new Uri(publicUrl) },
                new SmsOptions
                {
                    Sender = "twilio",
                    Twilio = new TwilioOptions { AuthToken = "12345" },
                }
            ).IsUsed
        );
}
