using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gatehouse.Identity.Authenticators;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Identity.Credentials;

namespace Gatehouse.SystemTests.Identity.Passkeys;

/// <summary>Adding, naming and removing passkeys, and signing in with one, by API.</summary>
public sealed class PasskeyTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_passkey_is_added_told_of_and_signs_in(bool rsa)
    {
        var user = await app.Users.SomebodyAsync();
        var letters = (await app.Users.LettersAsync(user.Email)).Count;
        using var device = new SoftwareAuthenticator(rsa: rsa) { IsBackedUp = true };
        var options = await app.CreationOptionsAsync(user);
        Assert.Equal("localhost", options.PublicKey().GetProperty("rp").GetProperty("id").GetString());
        Assert.Equal(user.Email, options.PublicKey().GetProperty("user").GetProperty("name").GetString());

        var added = await app.AddAsync(user, options, device);

        Assert.Equal(HttpStatusCode.Created, added.Status);
        var letter = await app.Users.LetterAsync(user.Email, letters + 1);
        Assert.Contains("Phone", letter.Text, StringComparison.Ordinal);
        var signedIn = await app.SignInAsync(device);
        Assert.Equal(HttpStatusCode.Created, signedIn.Status);
        Assert.Equal(user.UserId, signedIn.Body.GetProperty("user").GetProperty("id").GetGuid());
        Assert.Equal(HttpStatusCode.OK, (await app.Users.MeAsync(signedIn.Tokens())).Status);
        var listed = Assert.Single(await ListAsync(user));
        Assert.Equal("Phone", listed.GetProperty("name").GetString());
        Assert.True(listed.GetProperty("isBackedUp").GetBoolean());
        Assert.Equal(JsonValueKind.String, listed.GetProperty("lastUsedAt").ValueKind);
        Assert.Equal(
            1L,
            await app.ScalarAsync<long>(
                "select count(*) from runtime.events where type = 'credential.changed.v1' and data::json ->> 'userId' = $1",
                user.UserId.ToString()
            )
        );
    }

    [Fact]
    public async Task Neither_names_nor_addresses_are_stored_readably()
    {
        var user = await app.Users.SomebodyAsync();
        using var device = new SoftwareAuthenticator();
        var options = await app.CreationOptionsAsync(user);
        var kept = await app.ScalarAsync<string>(
            "select state from identity.passkey_ceremonies where id = $1",
            Guid.Parse(options.Ceremony())
        );
        Assert.DoesNotContain(user.Email, kept, StringComparison.Ordinal);
        Assert.DoesNotContain("Ada", kept, StringComparison.Ordinal);

        await app.AddAsync(user, options, device, "Phone of Grace");

        Assert.False(await app.ScalarAsync<bool>("select bool_or(strpos(p::text, encode('Grace', 'hex')) > 0) from identity.passkeys p"));
    }

    [Fact]
    public async Task Options_to_sign_in_name_nobody()
    {
        var options = await app.SignInOptionsAsync();

        Assert.Equal(HttpStatusCode.OK, options.Status);
        Assert.Empty(options.PublicKey().GetProperty("allowCredentials").EnumerateArray());
        Assert.Equal("required", options.PublicKey().GetProperty("userVerification").GetString());
    }

    [Fact]
    public async Task Adding_and_removing_ask_for_a_young_proof()
    {
        var user = await app.Users.SomebodyAsync();
        using var device = new SoftwareAuthenticator();
        var id = await app.AddedAsync(user, device);
        var old = await OldAsync(user);

        foreach (var (method, path) in new[] { (HttpMethod.Post, "/options"), (HttpMethod.Delete, "/" + id) })
        {
            var answer = await app.Users.SendAsync(method, PasskeyCalls.Path + path, old);
            Assert.Equal((HttpStatusCode.Forbidden, "identity.reauthentication-required"), (answer.Status, answer.Code));
        }

        var begun = await app.Users.PostAsync("/v1/me/reauthenticate", new { }, old.Tokens.Header);
        var challenge = $"/v1/challenges/{begun.Body.GetProperty("challengeId").GetGuid()}";
        var options = await app.Users.PostAsync(challenge + "/passkey-options", body: null, old.Tokens.Header);
        var answered = new
        {
            factor = "passkey",
            ceremonyId = options.Ceremony(),
            credential = device.Get(options.PublicKey()),
        };
        Assert.Equal(HttpStatusCode.NoContent, (await app.Users.PostAsync(challenge, answered, old.Tokens.Header)).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await app.DeleteAsync($"{PasskeyCalls.Path}/{id}", old)).Status);
    }

    [Fact]
    public async Task A_removed_passkey_signs_in_no_more()
    {
        var user = await app.Users.SomebodyAsync();
        using var device = new SoftwareAuthenticator();
        var id = await app.AddedAsync(user, device);
        var begun = await app.SignInOptionsAsync();

        Assert.Equal(HttpStatusCode.NoContent, (await app.DeleteAsync($"{PasskeyCalls.Path}/{id}", user)).Status);

        (await app.SignInAsync(begun.Ceremony(), device.Get(begun.PublicKey()))).AssertRejected();
        (await app.SignInAsync(device)).AssertRejected();
        Assert.Equal("identity.passkey-not-found", (await app.DeleteAsync($"{PasskeyCalls.Path}/{id}", user)).Code);
    }

    [Fact]
    public async Task A_passkey_is_renamed_by_its_owner_only()
    {
        var user = await app.Users.SomebodyAsync();
        var other = await app.Users.SomebodyAsync();
        using var device = new SoftwareAuthenticator();
        var path = $"{PasskeyCalls.Path}/{await app.AddedAsync(user, device)}";

        foreach (var foreign in new[] { await app.PatchAsync(path, new { name = "Mine" }, other), await app.DeleteAsync(path, other) })
            Assert.Equal((HttpStatusCode.NotFound, "identity.passkey-not-found"), (foreign.Status, foreign.Code));
        Assert.Equal(["name: request.required"], (await app.PatchAsync(path, new { name = " " }, user)).Errors);
        Assert.Equal(["name: request.too-long"], (await app.PatchAsync(path, new { name = new string('x', 65) }, user)).Errors);
        await app.PatchAsync(path, new { name = "Laptop" }, user);

        Assert.Equal("Laptop", Assert.Single(await ListAsync(user)).GetProperty("name").GetString());
        Assert.Empty(await ListAsync(other));
    }

    [Theory]
    [InlineData("origin")]
    [InlineData("relying party")]
    [InlineData("not verified")]
    [InlineData("another key")]
    [InlineData("another user")]
    [InlineData("no user")]
    [InlineData("challenge")]
    [InlineData("framed")]
    public async Task An_answer_that_is_not_right_does_not_sign_in(string wrong)
    {
        var user = await app.Users.SomebodyAsync();
        using var device = new SoftwareAuthenticator();
        await app.AddedAsync(user, device);
        using var copy = new SoftwareAuthenticator { CredentialId = device.CredentialId, UserHandle = device.UserHandle };
        var options = await app.SignInOptionsAsync();
        var other = await app.SignInOptionsAsync();
        MakeWrong(device, wrong);
        if (wrong == "no user")
            device.UserHandle = null;
        else if (wrong == "another user")
            device.UserHandle = (await app.CreationOptionsAsync(await app.Users.SomebodyAsync()))
                .PublicKey()
                .GetProperty("user")
                .GetProperty("id")
                .GetString();

        var signer = wrong == "another key" ? copy : device;
        var answer = await app.SignInAsync(options.Ceremony(), signer.Get((wrong == "challenge" ? other : options).PublicKey()));

        answer.AssertRejected();
    }

    [Fact]
    public async Task A_ceremony_counts_once_and_for_five_minutes()
    {
        var user = await app.Users.SomebodyAsync();
        using var device = new SoftwareAuthenticator();
        await app.AddedAsync(user, device);
        var options = await app.SignInOptionsAsync();
        var credential = device.Get(options.PublicKey());
        Assert.Equal(HttpStatusCode.Created, (await app.SignInAsync(options.Ceremony(), credential.DeepClone())).Status);
        (await app.SignInAsync(options.Ceremony(), credential)).AssertRejected();

        var late = await app.SignInOptionsAsync();
        await app.ExecuteAsync(
            "update identity.passkey_ceremonies set expires_at = expires_at - interval '5 minutes' where id = $1",
            Guid.Parse(late.Ceremony())
        );
        (await app.SignInAsync(late.Ceremony(), device.Get(late.PublicKey()))).AssertRejected();
        await app.RunRecurringAsync<PurgeCeremonies>();
        Assert.Equal(
            0L,
            await app.ScalarAsync<long>("select count(*) from identity.passkey_ceremonies where id = $1", Guid.Parse(late.Ceremony()))
        );
    }

    [Fact]
    public async Task Of_parallel_answers_one_signs_in()
    {
        var user = await app.Users.SomebodyAsync();
        using var device = new SoftwareAuthenticator { Counts = false };
        await app.AddedAsync(user, device);
        var options = await app.SignInOptionsAsync();
        var credential = device.Get(options.PublicKey()).ToJsonString();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(_ => app.SignInAsync(options.Ceremony(), JsonNode.Parse(credential)!))
        );

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Created);
        Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.Created), answer => answer.AssertRejected());
    }

    [Fact]
    public async Task What_was_begun_for_one_purpose_does_not_count_for_another()
    {
        var user = await app.Users.SomebodyAsync();
        using var device = new SoftwareAuthenticator();
        await app.AddedAsync(user, device);
        var signIn = await app.SignInOptionsAsync();
        var creation = await app.CreationOptionsAsync(user);

        var added = await app.AddAsync(user, signIn.Ceremony(), device.Get(signIn.PublicKey()));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "identity.passkey-not-added"), (added.Status, added.Code));
        using var fresh = new SoftwareAuthenticator();
        (await app.SignInAsync(creation.Ceremony(), fresh.Create(creation.PublicKey()))).AssertRejected();
        // The options of one session are no other's.
        var other = (await app.SignInAsync(device)).SignedIn(user.Email);
        Assert.Equal("identity.passkey-not-added", (await app.AddAsync(other, creation, fresh)).Code);
        Assert.Equal("identity.passkey-not-added", (await app.AddAsync(await app.Users.SomebodyAsync(), creation, fresh)).Code);
        Assert.Equal(HttpStatusCode.Created, (await app.AddAsync(user, creation, fresh)).Status);
    }

    [Fact]
    public async Task A_passkey_is_nobody_elses_and_a_user_has_twenty_at_most()
    {
        var user = await app.Users.SomebodyAsync();
        using var device = new SoftwareAuthenticator();
        await app.AddedAsync(user, device);
        var other = await app.Users.SomebodyAsync();
        var again = await app.AddAsync(other, await app.CreationOptionsAsync(other), device);
        Assert.Equal("identity.passkey-not-added", again.Code);

        var options = await app.CreationOptionsAsync(user);
        Assert.Single(options.PublicKey().GetProperty("excludeCredentials").EnumerateArray());
        await app.ExecuteAsync(
            """
            insert into identity.passkeys
            select tenant_id, gen_random_uuid(), user_id, relying_party, decode(md5(n::text || user_id), 'hex'), public_key, sign_count,
                   transports, is_backup_eligible, is_backed_up, name, created_at, last_used_at
              from identity.passkeys, generate_series(1, 19) n where user_id = $1
            """,
            user.UserId
        );
        using var more = new SoftwareAuthenticator();
        var full = await app.AddAsync(user, options, more);
        Assert.Equal((HttpStatusCode.Conflict, "identity.passkey-limit-reached"), (full.Status, full.Code));
        Assert.Equal(
            "identity.passkey-limit-reached",
            (await app.Users.SendAsync(HttpMethod.Post, PasskeyCalls.Path + "/options", user)).Code
        );
    }

    [Fact]
    public async Task A_counter_that_goes_back_is_rejected_recorded_and_told()
    {
        var user = await app.Users.SomebodyAsync();
        using var device = new SoftwareAuthenticator { Counter = 10 };
        await app.AddedAsync(user, device);
        await app.Users.LetterAsync(user.Email, 2);
        Assert.Equal(HttpStatusCode.Created, (await app.SignInAsync(device)).Status);

        device.Counter = 11;
        (await app.SignInAsync(device)).AssertRejected();

        Assert.Contains("copied", (await app.Users.LetterAsync(user.Email, 3)).Subject, StringComparison.Ordinal);
        await app.QuietAsync();
        Assert.Equal(
            1L,
            await app.ScalarAsync<long>(
                "select count(*) from audit.records where action = 'passkey.counter-went-back' and subject = $1",
                user.UserId
            )
        );
        // The owner's own device, which counted on, still signs in.
        device.Counter = 50;
        Assert.Equal(HttpStatusCode.Created, (await app.SignInAsync(device)).Status);
    }

    [Fact]
    public async Task A_disabled_user_is_rejected_like_an_unknown_one()
    {
        var user = await app.Users.SomebodyAsync();
        using var device = new SoftwareAuthenticator();
        await app.AddedAsync(user, device);
        var admin = await app.TenantAdministratorAsync();
        await app.AssertDoneAsync(HttpMethod.Post, $"/v1/users/{user.UserId}/disable", admin, new { });

        var disabled = await app.SignInAsync(device);

        disabled.AssertRejected();
        using var nobody = new SoftwareAuthenticator { UserHandle = device.UserHandle };
        (await app.SignInAsync(nobody)).AssertRejected();
    }

    [Fact]
    public async Task Pages_bind_what_they_begin_to_their_browser()
    {
        var user = await app.Users.SomebodyAsync();
        using var device = new SoftwareAuthenticator();
        await app.AddedAsync(user, device);
        using var asking = new Browser(app);
        using var other = new Browser(app);
        var options = await asking.PostAsync("/v1/passkey-options", new { });
        await other.PostAsync("/v1/passkey-options", new { });
        // Another tab does not take away what this one has begun.
        var tab = await asking.PostAsync("/v1/passkey-options", new { });

        (await AnswerAsync(other, options)).AssertRejected();
        (await app.SignInAsync(options.Ceremony(), device.Get(options.PublicKey()))).AssertRejected();
        var signedIn = await AnswerAsync(asking, options);

        Assert.Equal(HttpStatusCode.Created, signedIn.Status);
        Assert.Equal(HttpStatusCode.Created, (await AnswerAsync(asking, tab)).Status);
        Assert.Equal(HttpStatusCode.OK, (await asking.GetAsync("/v1/me")).Status);

        Task<Answer> AnswerAsync(Browser browser, Answer begun) =>
            browser.PostAsync(
                "/v1/passkey-sessions",
                new
                {
                    ceremonyId = begun.Ceremony(),
                    credential = device.Get(begun.PublicKey()),
                    transport = "cookie",
                }
            );
    }

    [Theory]
    [InlineData("\"x\"", "credential: request.wrong-type")]
    [InlineData("null", "credential: request.required")]
    [InlineData("[]", "credential: request.wrong-type")]
    [InlineData("{}", "credential: request.invalid-text")]
    [InlineData("{\"id\":7}", "credential: request.invalid-text")]
    [InlineData("{\"id\":\"\"}", "credential: request.invalid-text")]
    [InlineData("{\"id\":\"no base64!\"}", "credential: request.invalid-text")]
    public async Task What_is_no_credential_is_said_to_be_none(string credential, string error)
    {
        var answer = await app.Users.PostRawAsync(
            "/v1/passkey-sessions",
            $$"""{"ceremonyId":"01a1f96e-3a6f-740d-963f-8de6feb3ecb8","credential":{{credential}}}"""
        );

        Assert.Equal([error], answer.Errors);
    }

    [Fact]
    public async Task Sixty_kilobytes_and_garbage_within_are_rejected()
    {
        var user = await app.Users.SomebodyAsync();
        using var device = new SoftwareAuthenticator();
        await app.AddedAsync(user, device);
        var options = await app.SignInOptionsAsync();
        var huge = device.Get(options.PublicKey());
        huge["response"]!["signature"] = new string('A', 60_000);
        Assert.Equal(["credential: request.too-long"], (await app.SignInAsync(options.Ceremony(), huge)).Errors);
        Assert.Equal(["ceremonyId: request.invalid-text"], (await app.SignInAsync("not an id", device.Get(options.PublicKey()))).Errors);

        foreach (var part in new[] { "clientDataJSON", "authenticatorData", "signature" })
        {
            foreach (JsonNode? garbage in new JsonNode?[] { "AAAA", "", "no base64!", 7, null, new JsonObject() })
            {
                var begun = await app.SignInOptionsAsync();
                var credential = device.Get(begun.PublicKey());
                credential["response"]![part] = garbage;
                (await app.SignInAsync(begun.Ceremony(), credential)).AssertRejected();
            }
        }
    }

    [Fact]
    public async Task Who_asked_before_a_factor_was_added_elsewhere_adds_no_passkey_past_it()
    {
        var user = await app.Users.SomebodyAsync();
        var stranger = user with { Tokens = (await app.Users.SignInAsync(user.Email)).Tokens() };
        using var device = new SoftwareAuthenticator();
        var options = await app.CreationOptionsAsync(stranger);
        await app.Users.AddTotpAsync(user.Tokens);

        var added = await app.AddAsync(stranger, options, device);

        Assert.Equal((HttpStatusCode.Forbidden, "identity.reauthentication-required"), (added.Status, added.Code));
        Assert.Equal("totp", await app.FactorsAsync(user));
    }

    [Theory]
    [InlineData("origin")]
    [InlineData("relying party")]
    [InlineData("not verified")]
    [InlineData("framed")]
    public async Task A_passkey_that_was_made_elsewhere_or_for_nobody_known_is_not_added(string wrong)
    {
        var user = await app.Users.SomebodyAsync();
        using var device = new SoftwareAuthenticator();
        var options = await app.CreationOptionsAsync(user);
        Assert.Equal(
            [-257, -7],
            options.PublicKey().GetProperty("pubKeyCredParams").EnumerateArray().Select(one => one.GetProperty("alg").GetInt32()).Order()
        );
        MakeWrong(device, wrong);

        var added = await app.AddAsync(user, options, device);

        Assert.Equal((HttpStatusCode.UnprocessableEntity, "identity.passkey-not-added"), (added.Status, added.Code));
        Assert.Empty(await ListAsync(user));
        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync(user.Email)).Status);
    }

    private static void MakeWrong(SoftwareAuthenticator device, string wrong)
    {
        switch (wrong)
        {
            case "origin":
                device.Origin = "https://localhost.example.com";
                break;
            case "relying party":
                device.RelyingParty = "example.com";
                break;
            case "not verified":
                device.IsUserVerified = false;
                break;
            case "framed":
                device.IsFramed = true;
                break;
        }
    }

    private async Task<IReadOnlyList<JsonElement>> ListAsync(SignedIn user) =>
        [.. (await app.GetAsync(PasskeyCalls.Path, user)).Body.GetProperty("items").EnumerateArray()];

    /// <summary>The same user, signed in a while ago.</summary>
    private async Task<SignedIn> OldAsync(SignedIn user)
    {
        // What the token says is as old as the clock that read it: a session of the past is made by a renewed token.
        await app.GrowOldAsync(user);
        return user with { Tokens = (await app.Users.RefreshAsync(user.Tokens.Refresh)).Tokens() };
    }
}
