using System.Net;
using Gatehouse.Identity.Verification;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.Accounts;

[Collection<MovedTime>]
public sealed class PurgeRegistrationsTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Fact]
    public async Task An_unfinished_registration_and_its_key_are_gone_after_a_day_and_not_before()
    {
        var email = TestUsers.NewEmail();
        var id = (await app.Users.RegisterAsync(email)).RegistrationId;
        await app.Users.LetterAsync(email);

        app.Clock.Advance(TimeSpan.FromHours(23));
        await app.RunRecurringAsync<PurgeVerifications>();
        Assert.Equal((1L, 1L), await LeftAsync(id));

        app.Clock.Advance(TimeSpan.FromHours(1));
        await app.RunRecurringAsync<PurgeVerifications>();
        Assert.Equal((0L, 0L), await LeftAsync(id));
        Assert.Equal(0L, await app.ScalarAsync<long>("select count(*) from identity.code_quotas"));
        Assert.Equal(HttpStatusCode.NotFound, (await app.Users.VerifyAsync(id, "123456")).Status);
    }

    [Fact]
    public async Task A_completed_registration_keeps_nothing_personal_and_loses_its_key_at_once()
    {
        var email = TestUsers.NewEmail();
        var id = (await app.Users.RegisterAsync(email)).RegistrationId;
        var code = (await app.Users.LetterAsync(email)).Code;
        var verified = await app.Users.VerifyAsync(id, code);
        Assert.Equal(HttpStatusCode.Created, verified.Status);

        Assert.True(await app.ScalarAsync<bool>("select payload = '{}' from identity.verifications where id = $1", id));
        Assert.Equal((1L, 0L), await LeftAsync(id));

        app.Clock.Advance(TimeSpan.FromHours(24));
        await app.RunRecurringAsync<PurgeVerifications>();
        var user = verified.Body.GetProperty("user").GetProperty("id").GetGuid();
        Assert.Equal((0L, 0L), await LeftAsync(id));
        Assert.Equal(
            1L,
            await app.KeyScalarAsync<long>("select count(*) from keys.subject_keys where subject_id = $1 and not provisional", user)
        );
    }

    private async Task<(long Rows, long Keys)> LeftAsync(Guid id) =>
        (
            await app.ScalarAsync<long>("select count(*) from identity.verifications where id = $1", id),
            await app.KeyScalarAsync<long>("select count(*) from keys.subject_keys where subject_id = $1", id)
        );
}
