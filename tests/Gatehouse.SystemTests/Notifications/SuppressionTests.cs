using System.Net;
using System.Text.RegularExpressions;
using Gatehouse.Notifications.Suppression;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Server;

namespace Gatehouse.SystemTests.Notifications;

/// <summary>Addresses that took no mail, or whose owner complained: what nobody can see, and how it ends.</summary>
[Collection<OneSendGrid>]
public sealed class SuppressionTests(SendGridApp running) : IAsyncLifetime
{
    private TestApp App => running.App;

    public async ValueTask InitializeAsync() => await running.EmptyAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_suppressed_address_looks_like_any_other_and_does_the_same_work()
    {
        var (suppressed, other) = (TestUsers.NewEmail(), TestUsers.NewEmail());
        await SuppressAsync(suppressed, "bounce");
        await running.SentAsync(other);
        using var ofSuppressed = new TraceOf();
        using var ofOther = new TraceOf();

        var (first, second) = (await RegisterAsync(suppressed, ofSuppressed), await RegisterAsync(other, ofOther));

        Assert.Equal(HttpStatusCode.Accepted, first.Status);
        Assert.Equal(Transcript(second), Transcript(first));
        Assert.Equal(ofOther.Work(), ofSuppressed.Work());
        var (late, later) = (await App.Users.ResendAsync(first.RegistrationId), await App.Users.ResendAsync(second.RegistrationId));
        Assert.Equal(Transcript(later), Transcript(late));
    }

    [Fact]
    public async Task The_address_is_kept_unreadable_and_in_whatever_spelling_it_is_the_same()
    {
        var email = TestUsers.NewEmail();
        await SuppressAsync(email, "bounce");

        Assert.Empty(await App.PlacesOfAsync(email));
        await AssertKeptBackAsync(email.ToUpperInvariant());
    }

    [Fact]
    public async Task A_bounce_is_forgotten_after_its_days_and_a_complaint_is_not()
    {
        var (bounced, complained) = (TestUsers.NewEmail(), TestUsers.NewEmail());
        await SuppressAsync(bounced, "bounce");
        await SuppressAsync(complained, "spamreport");
        App.Clock.Advance(TimeSpan.FromDays(29));
        await AssertKeptBackAsync(bounced);

        App.Clock.Advance(TimeSpan.FromDays(1));
        await running.SentAsync(bounced);
        await AssertKeptBackAsync(complained);
        await App.RunRecurringAsync<PurgeSentMessages>();
        Assert.Equal("complained", await App.ScalarAsync<string>("select string_agg(reason, ',') from notifications.suppressions"));
    }

    [Fact]
    public async Task A_bounce_does_not_shorten_what_a_complaint_began()
    {
        var email = TestUsers.NewEmail();
        var mail = await running.SentAsync(email);
        await running.ReportAsync(running.Report(mail, "spamreport"), running.Report(mail, "bounce", "bounce"));

        App.Clock.Advance(TimeSpan.FromDays(60));

        await AssertKeptBackAsync(email);
    }

    [Fact]
    public async Task Mails_are_forgotten_after_thirty_days_and_with_them_what_is_reported_of_them()
    {
        var mail = await running.SentAsync(TestUsers.NewEmail());
        await App.RunRecurringAsync<PurgeSentMessages>();
        Assert.Equal(1L, await App.ScalarAsync<long>("select count(*) from notifications.sent_messages"));

        App.Clock.Advance(TimeSpan.FromDays(30));
        await App.RunRecurringAsync<PurgeSentMessages>();

        Assert.Equal(0L, await App.ScalarAsync<long>("select count(*) from notifications.sent_messages"));
        Assert.Equal(HttpStatusCode.NoContent, (await running.ReportAsync(running.Report(mail, "bounce", "bounce"))).Status);
        Assert.Equal(0L, await App.ScalarAsync<long>("select count(*) from notifications.suppressions"));
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task An_operator_counts_suppressed_addresses_and_lets_mail_go_to_one_again()
    {
        var (bounced, complained) = (TestUsers.NewEmail(), TestUsers.NewEmail());
        await SuppressAsync(bounced, "bounce");
        await SuppressAsync(complained, "spamreport");

        await using (var count = await RunAsync("suppressed"))
            Assert.Equal(["bounced: 1", "complained: 1"], count.Lines);
        await using (var lift = await RunAsync("unsuppress", complained.ToUpperInvariant()))
            Assert.StartsWith("The address is no longer suppressed.", lift.Output, StringComparison.Ordinal);
        await using (var again = await RunAsync("unsuppress", complained))
            Assert.Equal("The address was not suppressed.", again.Output);
        await using (var wrong = await RunAsync("unsuppress", "no address"))
        {
            Assert.Equal(1, await wrong.ExitCodeAsync());
            Assert.Equal("Not a valid e-mail address, nor a phone number with + and the country code.", wrong.Errors);
        }

        await running.SentAsync(complained);
        await AssertKeptBackAsync(bounced);
        Assert.Equal(
            "operator",
            await App.ScalarAsync<string>("select string_agg(actor_kind, ',') from audit.records where action = 'address.unsuppressed'")
        );
    }

    private async Task SuppressAsync(string email, string name)
    {
        var report = running.Report(await running.SentAsync(email), name, name);
        Assert.Equal(HttpStatusCode.NoContent, (await running.ReportAsync(report)).Status);
    }

    private async Task AssertKeptBackAsync(string email)
    {
        var (handedOver, kept) = (running.Server.Requests.Count, await running.SuppressedAsync());
        Assert.Equal(HttpStatusCode.Accepted, (await App.Users.RegisterAsync(email)).Status);
        await TestApp.EventuallyAsync(async () => await running.SuppressedAsync() == kept + 1, "the mail is kept back");
        Assert.Equal(handedOver, running.Server.Requests.Count);
    }

    private Task<Answer> RegisterAsync(string email, TraceOf trace) =>
        App.Users.PostAsync(
            "/v1/registrations",
            new
            {
                email,
                name = "Ada",
                password = TestUsers.Password,
            },
            trace.Header
        );

    private async Task<GatehouseProcess> RunAsync(params string[] arguments) =>
        await GatehouseProcess.RunAsync(["notifications", .. arguments], await ServeTests.SettingsAsync(App.Databases));

    private static string Transcript(Answer answer) =>
        $"{answer.Status}\n"
        + Regex.Replace(
            answer.Text,
            "\"(registrationId|traceId|expiresAt|maskedTarget|resendAfter|retryAfter)\":(\"[^\"]+\"|\\d+)",
            "\"$1\":…"
        );
}
