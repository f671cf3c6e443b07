using System.Net;
using Gatehouse.Encryption;
using Gatehouse.Identity.SignIn;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.SignIn;

/// <summary>Nobody can lock an owner out: a device the account knows waits only for its own failures.</summary>
[Collection<AccountsOnTwoNodes>]
public sealed class PartitionTests(TwoNodes running, RunningApp elsewhere)
{
    private readonly TestApp app = running.App;

    [Theory]
    [InlineData("header")]
    [InlineData("cookie")]
    public async Task A_known_device_does_not_wait_for_what_others_did(string carrier)
    {
        var person = await app.Users.SomebodyAsync();
        using var held = app.Clock.Hold();
        var device = carrier == "header" ? ("Gatehouse-Device", person.Device) : ("Cookie", $"__Host-gatehouse-device={person.Device}");
        await app.GuessPatientlyAsync(person.Email, 15);
        await app.GuessAsync(person.Email);
        Assert.Equal("identity.sign-in-throttled", (await app.Users.SignInAsync(person.Email)).Code);

        var signedIn = await running.Other.Users.SignInAsync(person.Email, headers: device);

        Assert.Equal(HttpStatusCode.Created, signedIn.Status);
        // It stays the device it was, and what the others did stays counted.
        var key = app.Services.GetRequiredService<ServerKeys>().Get(ServerKeys.Devices);
        Assert.Equal(DeviceOf(person.Device), DeviceOf(signedIn.Device()));
        Assert.Equal(900, (await app.Users.SignInAsync(person.Email)).RetryAfter());

        // Its own failures cost it the same.
        for (var i = 0; i < 5; i++)
            Assert.Equal("identity.invalid-credentials", (await app.GuessAsync(person.Email, device)).Code);
        Assert.Equal("429 identity.sign-in-throttled 1", (await app.GuessAsync(person.Email, device)).Seen());

        Guid? DeviceOf(string token) =>
            DeviceToken.Read(key, token, Gatehouse.Core.Tenants.DefaultTenant.Id, person.UserId, passwordChangedAt: null)?.DeviceId;
    }

    [Fact]
    public async Task A_hundred_failures_close_the_password_to_unknown_devices_only()
    {
        var person = await app.Users.SomebodyAsync();
        using var held = app.Clock.Hold();
        await app.GuessPatientlyAsync(person.Email, 100);

        var closed = await app.Users.SignInAsync(person.Email);
        Assert.Equal((HttpStatusCode.Forbidden, "identity.sign-in-locked"), (closed.Status, closed.Code));
        app.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal("identity.sign-in-locked", (await running.Other.Users.SignInAsync(person.Email)).Code);
        var known = await app.Users.SignInAsync(person.Email, headers: ("Gatehouse-Device", person.Device));
        Assert.Equal(HttpStatusCode.Created, known.Status);
        Assert.Equal("identity.sign-in-locked", (await app.Users.SignInAsync(person.Email)).Code);
        Assert.Equal(HttpStatusCode.OK, (await app.Users.RefreshAsync(known.Tokens().Refresh)).Status);
    }

    [Fact]
    public async Task An_identifier_that_nobody_has_closes_after_as_many()
    {
        var email = TestUsers.NewEmail();
        using var held = app.Clock.Hold();
        await app.GuessPatientlyAsync(email, 100);
        Assert.Equal("identity.sign-in-locked", (await app.GuessAsync(email)).Code);
    }

    [Fact]
    public async Task Failures_of_all_lanes_and_identifiers_of_an_account_add_up_to_the_hundred()
    {
        var person = await app.Users.SomebodyAsync("lane-lena");
        using var held = app.Clock.Hold();
        await app.GuessPatientlyAsync(person.Email, 40);
        await app.GuessPatientlyAsync("lane-lena", 30);
        await app.GuessPatientlyAsync(person.Email, 29, ("Gatehouse-Device", person.Device));

        // The ninety-ninth stands; the hundredth is still looked at.
        Assert.Equal("identity.invalid-credentials", (await app.GuessAsync("lane-lena")).Code);
        app.Clock.Advance(TimeSpan.FromMinutes(15));
        // From now on no password is the right one; nothing says that the two identifiers belong together.
        Assert.Equal("identity.invalid-credentials", (await app.Users.SignInAsync("lane-lena")).Code);
        app.Clock.Advance(TimeSpan.FromMinutes(15));
        Assert.Equal("identity.invalid-credentials", (await app.Users.SignInAsync(person.Email)).Code);

        // The device's good password takes its own away, not those of the others.
        Assert.Equal(
            HttpStatusCode.Created,
            (await app.Users.SignInAsync(person.Email, headers: ("Gatehouse-Device", person.Device))).Status
        );
        app.Clock.Advance(TimeSpan.FromMinutes(15));
        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync(person.Email)).Status);
    }

    [Fact]
    public async Task Failures_from_before_the_account_existed_count_towards_its_hundred()
    {
        var email = TestUsers.NewEmail();
        using var held = app.Clock.Hold();
        await app.GuessPatientlyAsync(email, 1);
        var person = await app.Users.SomebodyAsync(email: email);
        await app.GuessPatientlyAsync(email, 99);
        Assert.Equal("identity.sign-in-locked", (await app.Users.SignInAsync(email)).Code);

        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync(email, headers: ("Gatehouse-Device", person.Device))).Status);
    }

    [Fact]
    public async Task A_new_password_makes_every_device_unknown()
    {
        var person = await app.Users.SomebodyAsync();
        using var held = app.Clock.Hold();
        await app.ExecuteAsync("update identity.users set password_changed_at = now() where id = $1", person.UserId);
        await app.GuessPatientlyAsync(person.Email, 5, ("Gatehouse-Device", person.Device));
        await app.GuessAsync(person.Email, ("Gatehouse-Device", person.Device));

        // The wait of the lane of all others.
        Assert.Equal("identity.sign-in-throttled", (await app.Users.SignInAsync(person.Email)).Code);
    }

    [Fact]
    public async Task A_device_token_that_was_not_issued_for_this_account_here_is_no_known_device()
    {
        var (person, other) = (await app.Users.SomebodyAsync(), await app.Users.SomebodyAsync());
        var foreign = await elsewhere.App.Users.SomebodyAsync();
        using var held = app.Clock.Hold();
        var key = app.Services.GetRequiredService<ServerKeys>().Get(ServerKeys.Devices);
        var device = Guid.CreateVersion7(app.Clock.GetUtcNow());
        await app.GuessPatientlyAsync(person.Email, 10);
        await app.GuessAsync(person.Email);
        var tokens = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["of another person"] = other.Device,
            ["of another installation"] = foreign.Device,
            ["of another tenant"] = DeviceToken.Issue(
                key,
                Guid.CreateVersion7(app.Clock.GetUtcNow()),
                person.UserId,
                device,
                passwordChangedAt: null
            ),
            ["of another person, made here"] = DeviceToken.Issue(
                key,
                Gatehouse.Core.Tenants.DefaultTenant.Id,
                other.UserId,
                device,
                passwordChangedAt: null
            ),
            ["of nobody"] = DeviceToken.Issue(key, Gatehouse.Core.Tenants.DefaultTenant.Id, Guid.Empty, device, passwordChangedAt: null),
            ["under another key"] = DeviceToken.Issue(
                new byte[32],
                Gatehouse.Core.Tenants.DefaultTenant.Id,
                person.UserId,
                device,
                passwordChangedAt: null
            ),
            ["altered"] = person.Device[..^1] + (person.Device[^1] == 'A' ? 'B' : 'A'),
            ["cut"] = person.Device[..^4],
            ["longer"] = person.Device + "AAAA",
            ["a refresh token"] = person.Tokens.Refresh,
            ["a word"] = "device",
        };

        foreach (var (kind, token) in tokens)
        {
            var answer = await app.Users.SignInAsync(person.Email, headers: ("Gatehouse-Device", token));
            Assert.True(answer.Code == "identity.sign-in-throttled", $"{kind}: {answer.Text}");
        }

        Assert.Equal(
            HttpStatusCode.Created,
            (await app.Users.SignInAsync(person.Email, headers: ("Gatehouse-Device", person.Device))).Status
        );
    }

    [Fact]
    public async Task Guesses_at_once_from_a_known_device_all_count()
    {
        var person = await app.Users.SomebodyAsync();
        using var held = app.Clock.Hold();

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(i => (i % 2 == 0 ? app : running.Other).GuessAsync(person.Email, ("Gatehouse-Device", person.Device)))
        );

        Assert.Equal(5, answers.Count(a => a.Code == "identity.invalid-credentials"));
    }
}
