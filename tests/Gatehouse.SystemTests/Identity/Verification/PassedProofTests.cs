using System.Net;
using Gatehouse.Contracts.Tenants;
using Gatehouse.SystemTests.Harness;
using static Gatehouse.SystemTests.Identity.Verification.BadProofTests;

namespace Gatehouse.SystemTests.Identity.Verification;

/// <summary>Codes and links whose time is over, that newer ones replaced or that belong to another tenant, for every purpose.</summary>
public sealed class PassedProofTests(PassedProofTests.Fixture running) : IClassFixture<PassedProofTests.Fixture>
{
    private readonly TestApp app = running.App;

    public static TheoryData<string> Purposes => BadProofTests.Purposes;

    [Theory]
    [MemberData(nameof(Purposes))]
    public async Task Code_and_link_end_at_their_time_and_what_is_over_looks_unknown(string purpose)
    {
        var client = Client(purpose);
        var (late, byCode, byLink) = (await client.StartAsync(), await client.StartAsync(), await client.StartAsync());
        var minute = TimeSpan.FromMinutes(1);

        app.Clock.Advance(client.Terms.CodeLifetime - minute);
        Assert.Equal(client.Operations.Done, (await client.VerifyAsync(byCode.Id, byCode.Code)).Status);
        app.Clock.Advance(minute);
        foreach (var code in new[] { late.Code, TestUsers.WrongCode(late.Code) })
            AssertError(HttpStatusCode.Gone, "identity.code-expired", await client.VerifyAsync(late.Id, code));

        app.Clock.Advance(client.Terms.Lifetime - client.Terms.CodeLifetime - minute);
        Assert.Equal(client.Operations.Done, (await client.ConfirmAsync(byLink.Id, byLink.Link)).Status);
        app.Clock.Advance(minute);
        AssertError(HttpStatusCode.NotFound, client.NoSuchLink, await client.ConfirmAsync(late.Id, late.Link));
        AssertError(HttpStatusCode.NotFound, client.Terms.NotFound.Code, await client.ResendAsync(late.Id));
        var over = await client.VerifyAsync(late.Id, late.Code);
        var unknown = await client.VerifyAsync(Guid.CreateVersion7(app.Clock.GetUtcNow()), late.Code);
        AssertError(HttpStatusCode.NotFound, client.Terms.NotFound.Code, over);
        Assert.Equal((over.Status, over.Code, over.Text.Length), (unknown.Status, unknown.Code, unknown.Text.Length));
    }

    [Theory]
    [MemberData(nameof(Purposes))]
    public async Task A_new_message_voids_the_one_before_at_once_and_brings_new_attempts(string purpose)
    {
        var client = Client(purpose);
        var old = await client.StartAsync();
        for (var i = 0; i < client.Terms.Attempts; i++)
            await client.VerifyAsync(old.Id, TestUsers.WrongCode(old.Code));
        AssertError(HttpStatusCode.UnprocessableEntity, "identity.too-many-attempts", await client.VerifyAsync(old.Id, old.Code));
        app.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(HttpStatusCode.Accepted, (await client.ResendAsync(old.Id)).Status);
        AssertError(HttpStatusCode.UnprocessableEntity, "identity.code-wrong", await client.VerifyAsync(old.Id, old.Code));
        AssertError(HttpStatusCode.NotFound, "identity.link-invalid", await client.ConfirmAsync(old.Id, old.Link));

        var fresh = await client.NextAsync(old);
        var stale = old.Code == fresh.Code ? TestUsers.WrongCode(old.Code) : old.Code;
        AssertError(HttpStatusCode.UnprocessableEntity, "identity.code-wrong", await client.VerifyAsync(old.Id, stale));
        AssertError(HttpStatusCode.NotFound, "identity.link-invalid", await client.ConfirmAsync(old.Id, old.Link));
        Assert.Equal(client.Operations.Done, (await client.VerifyAsync(old.Id, fresh.Code)).Status);
    }

    [Theory]
    [MemberData(nameof(Purposes))]
    public async Task Messages_wait_for_60_120_and_240_seconds_and_end_with_the_last(string purpose)
    {
        var client = Client(purpose);
        var started = await client.StartAsync();
        var latest = started;

        for (var sends = 1; sends < client.Terms.MaxSends; sends++)
        {
            var wait = Math.Min(30 << sends, 240);
            var early = await client.ResendAsync(started.Id);
            AssertError(HttpStatusCode.TooManyRequests, "identity.resend-too-soon", early);
            Assert.InRange(early.RetryAfter(), wait - 20, wait);

            app.Clock.Advance(TimeSpan.FromSeconds(early.RetryAfter()));
            var sent = await client.ResendAsync(started.Id);
            Assert.Equal(HttpStatusCode.Accepted, sent.Status);
            Assert.Equal(started.Id, sent.Body.GetProperty(client.Operations.IdMember).GetGuid());
            var next = sends + 1 == client.Terms.MaxSends ? 0 : Math.Min(wait * 2, 240);
            Assert.Equal(next, sent.Body.GetProperty("resendAfter").GetInt32());
            latest = await client.NextAsync(latest);
        }

        app.Clock.Advance(TimeSpan.FromMinutes(5));
        AssertError(HttpStatusCode.Conflict, "identity.resend-limit-reached", await client.ResendAsync(started.Id));
        await app.QuietAsync();
        Assert.Equal(latest.Mails, (await app.Users.LettersAsync(started.Email)).Count);
        Assert.Equal(client.Operations.Done, (await client.VerifyAsync(started.Id, latest.Code)).Status);
    }

    [Theory]
    [MemberData(nameof(Purposes))]
    public async Task What_belongs_to_another_tenant_is_unknown_in_this_one(string purpose)
    {
        var client = Client(purpose);
        var elsewhere = client with { Tenant = TwoTenants.Blue };
        var started = await client.StartAsync();

        AssertError(HttpStatusCode.NotFound, client.Terms.NotFound.Code, await elsewhere.VerifyAsync(started.Id, started.Code));
        AssertError(HttpStatusCode.NotFound, client.NoSuchLink, await elsewhere.ConfirmAsync(started.Id, started.Link));
        AssertError(HttpStatusCode.NotFound, client.Terms.NotFound.Code, await elsewhere.ResendAsync(started.Id));
        Assert.Equal(client.Operations.Done, (await client.VerifyAsync(started.Id, started.Code)).Status);
    }

    private PurposeClient Client(string purpose) => new(app, PurposeOperations.Of(purpose), TwoTenants.Red);

    /// <summary>Two tenants under one clock that is moved.</summary>
    public sealed class Fixture : IAsyncLifetime
    {
        public TestApp App { get; private set; } = null!;

        public async ValueTask InitializeAsync() =>
            App = await TestApp.StartAsync(replace: services => services.AddSingleton<ITenantDirectory, TwoTenants>());

        public async ValueTask DisposeAsync() => await App.DisposeAsync();
    }
}
