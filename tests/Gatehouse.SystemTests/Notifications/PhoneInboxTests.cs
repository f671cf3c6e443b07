using System.Net;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Notifications;

/// <summary>Messages to phones in the development inbox.</summary>
public sealed class PhoneInboxTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Theory]
    [InlineData("sms", "en", "123456 is your ")]
    [InlineData("sms", "es", "123456 es tu clave de ")]
    [InlineData("sms", "hi", "123456 आपका ")]
    [InlineData("whatsapp", "en", "123456 is your ")]
    [InlineData("sms", "fr", "123456 is your ")]
    public async Task A_message_to_a_phone_is_kept_in_its_language_with_its_number(string channel, string language, string text)
    {
        var number = PhoneMessages.NewNumber();

        var id = await app.RequestAsync(number, channel, language: language);
        var letter = await app.Users.LetterAsync(number);

        Assert.Equal((id, channel, number), (letter.Id, letter.Channel, letter.To));
        Assert.StartsWith(text, letter.Text, StringComparison.Ordinal);
        Assert.Equal("123456", letter.Code);
        Assert.Equal("", letter.Subject + letter.Html);
    }

    [Fact]
    public async Task The_inbox_shows_it_as_SMS_with_its_number_and_without_a_second_form()
    {
        var number = PhoneMessages.NewNumber();
        var id = await app.RequestAsync(number);
        await app.Users.LetterAsync(number);

        var page = await app.Users.GetAsync($"/inbox?to={Uri.EscapeDataString(number)}");

        Assert.Contains("<span class=\"row-title\">SMS</span>", page.Text, StringComparison.Ordinal);
        Assert.Contains($"<bdi>&#x2B;{number[1..]}</bdi>", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain($"/inbox/messages/{id}", page.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await app.Users.GetAsync($"/inbox/messages/{id}")).Status);
    }

    [Fact]
    public async Task Its_outcome_is_published_with_its_channel()
    {
        var number = PhoneMessages.NewNumber();
        var id = await app.RequestAsync(number, "whatsapp");
        await app.Users.LetterAsync(number);

        await TestApp.EventuallyAsync(
            () =>
                app.ScalarAsync<bool>(
                    """
                    select exists (select 1 from runtime.events where type = 'notification.delivered.v1'
                                      and data::jsonb @> jsonb_build_object('notificationId', $1::text, 'channel', 'whatsapp', 'sender', 'inbox'))
                    """,
                    id.ToString()
                ),
            "its outcome"
        );
    }
}
