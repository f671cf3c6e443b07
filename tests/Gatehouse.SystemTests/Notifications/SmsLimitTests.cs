using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Notifications;

/// <summary>How many messages go to phones of a country on a day.</summary>
[Collection<OneTwilio>]
public sealed class SmsLimitTests(TwilioApp running) : IAsyncLifetime
{
    private const string Limited = "notification.failed.v1 sms limited";

    private TestApp App => running.App;

    /// <summary>Each test has a day of its own: what a node has warned of, it does not warn of again that day.</summary>
    public async ValueTask InitializeAsync()
    {
        await running.EmptyAsync();
        // At noon: no day ends in the middle of a test.
        App.Clock.Advance(new DateTimeOffset(App.Clock.GetUtcNow().Date.AddDays(1.5), TimeSpan.Zero) - App.Clock.GetUtcNow());
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Beyond_its_limit_a_country_gets_nothing_until_the_next_day()
    {
        await SentAsync();
        await SentAsync();
        for (var i = 0; i < 3; i++)
            await TwilioApp.EndedAsync(App, await App.RequestAsync(Spanish()), Limited);

        Assert.Equal(2, running.Server.Requests.Count);
        Assert.Single(App.Logs.Lines, l => MailerApp.IsLine(l, "Warning", "No more messages go to phones of ES today: the limit is 2"));
        var metrics = await App.Management.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        Assert.Matches("gatehouse_notifications_limited_total\\{[^}]*country=\"ES\"", metrics);

        // Other countries have their own.
        await running.SentAsync(PhoneMessages.NewNumber());
        App.Clock.Advance(TimeSpan.FromDays(1));
        await SentAsync();
    }

    [Fact]
    public async Task Nodes_count_together()
    {
        await using var node = await running.StartNodeAsync(App.Databases);
        var ids = new List<Guid>();
        for (var i = 0; i < 6; i++)
            ids.Add(await (i % 2 == 0 ? App : node).RequestAsync(Spanish()));
        await TestApp.EventuallyAsync(
            () =>
                App.ScalarAsync<bool>(
                    "select count(*) = 4 from runtime.events where type = 'notification.failed.v1' and data::jsonb ->> 'reason' = 'limited'"
                ),
            "four are limited"
        );
        await App.QuietAsync();

        Assert.Equal(2, running.Server.Requests.Count);
    }

    [Fact]
    public async Task A_country_that_is_not_on_the_list_or_has_no_messages_gets_none()
    {
        await TwilioApp.EndedAsync(App, await App.RequestAsync(PhoneMessages.NewNumber("+9198765")), Limited);

        await using var app = await running.StartAsync(("Sms:Countries", "ES, in=5"));
        await TwilioApp.EndedAsync(app, await app.RequestAsync(PhoneMessages.NewNumber()), Limited);
        // Shared costs and satellites are of no country.
        await TwilioApp.EndedAsync(app, await app.RequestAsync(PhoneMessages.NewNumber("+8816123")), Limited);
        await TwilioApp.EndedAsync(app, await app.RequestAsync("not a number"), Limited);

        Assert.Empty(running.Server.Requests);
    }

    [Fact]
    public async Task A_message_counts_once_however_often_it_is_tried()
    {
        running.Server.Answer = TwilioServer.Status(503);
        using var held = App.Clock.Hold();
        var number = Spanish();
        await App.RequestAsync(number);
        for (var tries = 1; tries <= 4; tries++)
        {
            var expected = tries;
            await TestApp.EventuallyAsync(() => Task.FromResult(running.Server.To(number).Count == expected), "it is tried");
            await TwilioApp.PutOffAsync(App, "twilio 503");
            App.Clock.Advance(TimeSpan.FromSeconds(20));
        }

        running.Server.Answer = TwilioServer.Accepting;
        await App.QuietAsync();
        Assert.Equal(1, await App.ScalarAsync<int>("select messages from notifications.phone_days where country = 'ES'"));
    }

    private static string Spanish() => PhoneMessages.NewNumber("+3461234");

    private async Task SentAsync() => await running.SentAsync(Spanish());
}
