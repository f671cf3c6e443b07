namespace Gatehouse.SystemTests.Server.Hosting;

/// <summary>Settings of messages to phones.</summary>
public sealed class SmsSettingsTests
{
    [Theory]
    [InlineData("Sms:Sender", "nexmo", "must be one of none, twilio")]
    [InlineData("Sms:Sender", "inbox", "must be one of none, twilio")]
    [InlineData("Sms:Countries", "", "is required: the countries that messages are sent to")]
    [InlineData("Sms:Countries", "Spain", "must be ISO 3166 codes of countries")]
    [InlineData("Sms:Countries", "ES=many", "must be ISO 3166 codes of countries")]
    [InlineData("Sms:Countries", "ES=-1", "must be ISO 3166 codes of countries")]
    [InlineData("Sms:Countries", "*=5", "must be ISO 3166 codes of countries")]
    [InlineData("Sms:DailyLimit", "0", "must be a whole number from 1 to 10000000")]
    [InlineData("Sms:Twilio:AccountSid", "AC123", "must be the SID of the account")]
    [InlineData("Sms:Twilio:AuthToken", "", "is required: the auth token of the account, or an API key")]
    [InlineData("Sms:Twilio:AuthToken", "geheim geheim", "must be a token as Twilio shows it")]
    [InlineData("Sms:Twilio:ApiKeySid", "AC0123456789abcdef0123456789abcdef", "must be the SID of an API key")]
    [InlineData("Sms:Twilio:ApiKeySid", "SK0123456789abcdef0123456789abcdef", "is required with Twilio:ApiKeySid")]
    [InlineData("Sms:Twilio:From", "", "is required: a number or sender ID")]
    [InlineData("Sms:Twilio:From", "Example Accounts", "must be a number such as +14155550100")]
    [InlineData("Sms:Twilio:MessagingServiceSid", "MG", "must be the SID of a messaging service")]
    [InlineData("Sms:Twilio:WhatsAppFrom", "whatsapp:+14155550100", "must be a number such as +14155550100")]
    [InlineData("Sms:Twilio:WhatsAppTemplates", "registration-code=HX1", "must be templates with their SIDs")]
    [InlineData("Sms:Twilio:ApiUrl", "http://api.example.com", "must begin with https://")]
    [InlineData("Sms:Twilio:ApiUrl", "https://me:geheim@api.example.com", "must have no user name, query or fragment")]
    [InlineData("Sms:Twilio:TimeoutSeconds", "41", "must be a whole number from 1 to 40")]
    public void Settings_of_messages_to_phones_that_cannot_be_used_are_named_with_what_can(string name, string value, string words)
    {
        var errors = SettingsTests.ValidationErrors(development: false, new(Phones, StringComparer.Ordinal) { [name] = value });

        Assert.Contains(words, errors, StringComparison.Ordinal);
        Assert.Contains("Set GATEHOUSE__SMS__", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", errors, StringComparison.Ordinal);
    }

    private static Dictionary<string, string?> Phones =>
        new(SettingsTests.Production, StringComparer.Ordinal)
        {
            ["Sms:Sender"] = "twilio",
            ["Sms:Countries"] = "ES,IN=20000",
            ["Sms:Twilio:AccountSid"] = "AC0123456789abcdef0123456789abcdef",
            ["Sms:Twilio:AuthToken"] = "geheim",
            ["Sms:Twilio:From"] = "+14155550100",
        };
}
