using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.SignIn;

/// <summary>Guessing from many addresses at one account, and from one address at many accounts, as production counts it.</summary>
public sealed class NetworkThrottleTests(NetworkThrottleTests.Throttled running)
    : IClassFixture<NetworkThrottleTests.Throttled>,
        IDisposable
{
    private static int network;

    private readonly ConcurrentBag<HttpClient> clients = [];
    private readonly IDisposable held = running.App.Clock.Hold();
    private readonly TestApp app = running.App;
    private readonly TestApp other = running.Other;

    public void Dispose()
    {
        held.Dispose();
        foreach (var client in clients)
            client.Dispose();
    }

    [Fact]
    public async Task Many_addresses_guess_at_one_account_no_faster_than_one()
    {
        var email = (await app.Users.SomebodyAsync()).Email;

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 60).Select(i => Somewhere(i % 2 == 0 ? app : other).SignInAsync(email, Guesses.Wrong))
        );

        Assert.Equal(5, answers.Count(a => a.Status == HttpStatusCode.Unauthorized));
        Assert.Equal(
            55,
            answers.Count(a =>
                a.Status == HttpStatusCode.TooManyRequests && a.Text.Contains("identity.sign-in-throttled", StringComparison.Ordinal)
            )
        );
    }

    [Fact]
    public async Task One_address_guesses_at_twenty_accounts_and_then_waits()
    {
        var owner = await app.Users.SomebodyAsync();
        var guesser = Somewhere(app);
        var waits = new List<int>();
        for (var account = 0; account < 20; account++)
            Assert.Equal(HttpStatusCode.Unauthorized, (await GuessAnybodyAsync(guesser)).Status);

        for (var i = 0; i < 4; i++)
        {
            var refused = await GuessAnybodyAsync(guesser);
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.Status);
            waits.Add(refused.RetryAfter);
            app.Clock.Advance(TimeSpan.FromSeconds(refused.RetryAfter));
            Assert.Equal(HttpStatusCode.Unauthorized, (await GuessAnybodyAsync(guesser)).Status);
        }

        Assert.Equal([1, 2, 4, 8], waits);
        // From elsewhere nobody waits, and from here a known device does not.
        Assert.Equal(HttpStatusCode.Created, (await Somewhere(other).SignInAsync(owner.Email, TestUsers.Password)).Status);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await guesser.SignInAsync(owner.Email, TestUsers.Password)).Status);
        guesser.DefaultRequestHeaders.Add("Gatehouse-Device", owner.Device);
        Assert.Equal(HttpStatusCode.Created, (await guesser.SignInAsync(owner.Email, TestUsers.Password)).Status);
    }

    [Fact]
    public async Task One_address_at_once_at_many_accounts_counts_each_guess()
    {
        var address = NewAddress();
        var (here, there) = (From(app, address), From(other, address));

        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => GuessAnybodyAsync(i % 2 == 0 ? here : there)));

        Assert.Equal(20, answers.Count(a => a.Status == HttpStatusCode.Unauthorized));
        Assert.Equal(40, answers.Count(a => a.Status == HttpStatusCode.TooManyRequests));
    }

    [Fact]
    public async Task A_good_password_neither_costs_the_network_nor_frees_a_guesser_in_it()
    {
        var owner = await app.Users.SomebodyAsync();
        var guesser = Somewhere(app);
        for (var account = 0; account < 19; account++)
            await GuessAnybodyAsync(guesser);

        for (var i = 0; i < 5; i++)
        {
            var signedIn = await guesser.SignInAsync(owner.Email, TestUsers.Password);
            Assert.Equal(HttpStatusCode.Created, signedIn.Status);
        }

        Assert.Equal(HttpStatusCode.Unauthorized, (await GuessAnybodyAsync(guesser)).Status);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await GuessAnybodyAsync(guesser)).Status);
    }

    [Fact]
    public async Task A_try_and_a_good_password_lock_the_network_first()
    {
        var owner = await app.Users.SomebodyAsync();
        using var trace = new TraceOf();

        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync(owner.Email, headers: trace.Header)).Status);

        // The try counts at the network and, after a look, at the identifier; then the network's count is given back and the identifier's
        // goes: one order, so no deadlock.
        Assert.Equal(
            ["insert", "select", "insert", "update", "delete"],
            trace
                .Work()
                .Where(w => w.Contains("identity.sign_in_failures", StringComparison.Ordinal))
                .Select(w => w.TrimStart().Split(' ')[0])
        );
    }

    [Fact]
    public async Task Good_passwords_at_once_from_one_place_do_not_get_in_each_others_way()
    {
        var owner = await app.Users.SomebodyAsync();
        var here = Somewhere(app);

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(async _ =>
                {
                    var statuses = new List<HttpStatusCode>();
                    for (var i = 0; i < 10; i++)
                        statuses.Add((await here.SignInAsync(owner.Email, TestUsers.Password)).Status);
                    return statuses;
                })
        );

        Assert.All(answers.SelectMany(a => a), status => Assert.Equal(HttpStatusCode.Created, status));
    }

    [Fact]
    public async Task What_a_client_says_of_its_address_is_believed_by_nobody()
    {
        var (guesser, said) = (Somewhere(app), 0);
        for (var account = 0; account < 20; account++)
            Assert.Equal(HttpStatusCode.Unauthorized, (await SayAsync()).Status);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await SayAsync()).Status);
        Assert.Empty(await app.PlacesOfAsync("198.51.100"));
        Assert.NotEmpty(await app.PlacesOfAsync("127.9."));

        Task<(HttpStatusCode Status, string Text, int RetryAfter)> SayAsync()
        {
            foreach (var header in new[] { "X-Forwarded-For", "X-Real-IP", "Forwarded" })
            {
                guesser.DefaultRequestHeaders.Remove(header);
                guesser.DefaultRequestHeaders.TryAddWithoutValidation(
                    header,
                    (header == "Forwarded" ? "for=" : "") + string.Create(CultureInfo.InvariantCulture, $"198.51.100.{++said}")
                );
            }

            return GuessAnybodyAsync(guesser);
        }
    }

    private static Task<(HttpStatusCode Status, string Text, int RetryAfter)> GuessAnybodyAsync(HttpClient http) =>
        http.SignInAsync(TestUsers.NewEmail(), Guesses.Wrong);

    private static string NewAddress() => string.Create(CultureInfo.InvariantCulture, $"127.9.{Interlocked.Increment(ref network)}.1");

    private HttpClient Somewhere(TestApp at) => From(at, NewAddress());

    private HttpClient From(TestApp at, string address)
    {
        var client = at.From(address);
        clients.Add(client);
        return client;
    }

    /// <summary>Two nodes that limit guesses, and hardly anything else.</summary>
    public sealed class Throttled : IAsyncLifetime
    {
        public TestApp App { get; private set; } = null!;

        public TestApp Other { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["RateLimits:ApplyInDevelopment"] = "true",
                ["RateLimits:SignIn:Permits"] = "100000",
                ["RateLimits:Register:Permits"] = "100000",
                ["RateLimits:Verify:Permits"] = "100000",
                ["RateLimits:Other:Permits"] = "100000",
            };
            App = await TestApp.StartAsync(settings: settings);
            Other = await App.StartNodeAsync(settings);
        }

        public async ValueTask DisposeAsync()
        {
            await Other.DisposeAsync();
            await App.DisposeAsync();
        }
    }
}
