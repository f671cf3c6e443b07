using System.Net;
using Gatehouse.Organizations.Data;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Identity.Factors;

namespace Gatehouse.SystemTests.Identity.Administration;

/// <summary>An administrator takes second factors off a user who lost them.</summary>
public sealed class ResetSecondFactorsTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Fact]
    public async Task All_factors_go_all_sessions_end_and_the_user_is_told()
    {
        var (admin, user) = (await app.TenantAdministratorAsync(), await app.Users.SomebodyAsync());
        await app.Users.AddTotpAsync(user.Tokens);
        await app.AddSmsAsync(user);
        var challenge = await app.Users.ChallengedAsync(user.Email);

        await app.PostAsync(PathOf(user), new { reason = "Came to the desk with a passport" }, admin).DoneAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Users.MeAsync(user.Tokens)).Status);
        Assert.Equal("identity.challenge-not-found", (await app.Users.AnswerChallengeAsync(challenge, "totp", "123456")).Code);
        var tokens = (await app.Users.SignInAsync(user.Email)).Tokens();
        var factors = (await app.Users.SendAsync(HttpMethod.Get, "/v1/me/factors", tokens)).Body;
        Assert.Equal((0, 0), (factors.GetProperty("factors").GetArrayLength(), factors.GetProperty("recoveryCodesLeft").GetInt32()));
        Assert.Equal(
            "totp added,sms added,totp removed,sms removed",
            await app.ScalarAsync<string>(
                """
                select string_agg((data::json ->> 'credential') || ' ' || (data::json ->> 'reason'), ',' order by subject_version)
                  from runtime.events where key = $1 and type = 'credential.changed.v1'
                """,
                user.UserId
            )
        );
        Assert.Contains(
            await app.Users.LettersAsync(user.Email),
            letter => letter.Text.Contains("removed all second steps", StringComparison.Ordinal)
        );
        Assert.False(
            await app.ScalarAsync<bool>(
                "select encode(second_factors_reset_reason, 'escape') like '%passport%' from identity.users where id = $1",
                user.UserId
            )
        );
        await app.PostAsync(PathOf(user), new { reason = "Again" }, admin)
            .RejectedAsync(HttpStatusCode.Conflict, "identity.no-second-factor");
    }

    [Fact]
    public async Task A_password_that_is_too_short_to_stand_alone_goes_with_the_factors_and_another_one_is_asked_for()
    {
        const string Short = "tq7!vbn4";
        var (admin, user) = (await app.TenantAdministratorAsync(), await app.Users.SomebodyAsync());
        await app.Users.AddTotpAsync(user.Tokens);
        var (reset, letter) = await app.ResetMailAsync(user.Email, user.Email, number: 3);
        Assert.Equal(HttpStatusCode.NoContent, (await app.Users.ResetByCodeAsync(reset, letter.ResetCode, Short)).Status);
        await app.QuietAsync();
        var before = (await app.Users.LettersAsync(user.Email)).Select(one => one.Id).ToHashSet();

        await app.PostAsync(PathOf(user), new { reason = "Came to the desk with a passport" }, admin).DoneAsync();

        Assert.Equal("identity.invalid-credentials", (await app.Users.SignInAsync(user.Email, Short)).Code);
        Assert.False(await app.ScalarAsync<bool>("select password_is_short from identity.users where id = $1", user.UserId));
        await app.QuietAsync();
        var sent = (await app.Users.LettersAsync(user.Email)).Single(one => !before.Contains(one.Id) && one.LinkToken.Length > 0);
        var id = Guid.Parse(System.Text.RegularExpressions.Regex.Match(sent.Text, @"id=([\w-]+)").Groups[1].Value);
        Assert.Equal(["password: identity.password-too-short"], (await app.Users.ResetByLinkAsync(id, sent.LinkToken, Short)).Errors);
        Assert.Equal(HttpStatusCode.NoContent, (await app.Users.ResetByLinkAsync(id, sent.LinkToken)).Status);
        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync(user.Email, Resetting.NewPassword)).Status);
    }

    [Fact]
    public async Task Nobody_resets_their_own_or_those_of_somebody_who_may_more()
    {
        var (admin, user) = (await app.TenantAdministratorAsync(), await app.Users.SomebodyAsync());
        var platform = await app.WithRoleAsync(BuiltInRole.PlatformAdministrator);
        await app.Users.AddTotpAsync(platform.Tokens);
        var reason = new { reason = "Lost the phone" };

        await app.PostAsync(PathOf(admin), reason, admin).RejectedAsync(HttpStatusCode.Conflict, "identity.own-account");
        await app.PostAsync(PathOf(platform), reason, admin).RejectedAsync(HttpStatusCode.Forbidden, "identity.exceeds-own-access");
        await app.PostAsync(PathOf(admin), reason, user).RejectedAsync(HttpStatusCode.Forbidden, "request.forbidden");
        await app.PostAsync($"/v1/users/{Guid.CreateVersion7(TimeProvider.System.GetUtcNow())}/second-factors/reset", reason, admin)
            .RejectedAsync(HttpStatusCode.NotFound, "identity.user-not-found");
        Assert.Equal(["reason: request.required"], (await app.PostAsync(PathOf(user), new { }, admin)).Errors);
        Assert.Equal(
            ["reason: request.too-long"],
            (await app.PostAsync(PathOf(user), new { reason = new string('x', 501) }, admin)).Errors
        );
        Assert.Equal(HttpStatusCode.OK, (await app.Users.SignInAsync(platform.Email)).Status);
    }

    private static string PathOf(SignedIn user) => $"/v1/users/{user.UserId}/second-factors/reset";
}
