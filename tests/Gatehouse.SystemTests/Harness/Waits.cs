using Gatehouse.Identity.SignIn;

namespace Gatehouse.SystemTests.Harness;

/// <summary>The waits that wrong passwords and codes bring.</summary>
internal static class Waits
{
    /// <summary>Every wait of the account, of which there is one at least, lasts an hour longer: the first is a second long, which a busy
    /// machine outlasts.</summary>
    public static async Task LengthenWaitsAsync(this TestApp app, SignedIn user)
    {
        var waits = await app.ScalarAsync<long>(
            """
            with longer as (
                update identity.sign_in_failures set blocked_until = blocked_until + interval '1 hour'
                 where account = $1 and blocked_until > failed_at
                returning 1)
            select count(*) from longer
            """,
            app.Services.GetRequiredService<Throttle>().AccountOf(user.Tokens.Claims.GetProperty("tid").GetGuid(), user.UserId).ToStored()
        );
        Assert.True(waits > 0, "Nothing makes the user wait.");
    }
}
