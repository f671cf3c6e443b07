using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;

namespace Gatehouse.Identity.Authenticators;

/// <summary>For what a browser is asked, and by whom it may be answered. Equal in all of it, or it is another one.</summary>
/// <param name="User">Null while it is not known who answers.</param>
/// <param name="Bound">The session that adds a passkey, or the challenge that is answered; null to sign in.</param>
internal sealed record CeremonyPurpose(string Kind, Guid? User, Guid? Bound)
{
    public static readonly CeremonyPurpose SignIn = new("get", User: null, Bound: null);

    public static CeremonyPurpose Add(Guid user, Guid session) => new("create", user, session);

    public static CeremonyPurpose Confirm(Guid user, Guid challenge) => new("get", user, challenge);
}

/// <summary>
/// What browsers were asked to sign. It stays here, not in the browser: an answer counts once, for five minutes, for what it was asked for
/// and in the browser that asked.
/// </summary>
internal sealed class PasskeyCeremonies(Database database, TimeProvider clock)
{
    /// <summary>How long an answer may take.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    /// <param name="browser">What binds it to the browser; null for other clients, for which its id is the secret.</param>
    public async Task<Guid> BeginAsync(
        Guid tenant,
        CeremonyPurpose purpose,
        RelyingParty party,
        string state,
        Hash<PasskeyBrowser>? browser,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        await database.QueryAsync(
            db =>
                db.ExecuteAsync(
                    """
                    insert into identity.passkey_ceremonies (tenant_id, id, kind, user_id, session_id, browser, origin, state, expires_at)
                    values (@tenant, @id, @Kind, @User, @Bound, @browser, @origin, @state, @expires)
                    """,
                    new
                    {
                        tenant,
                        id,
                        purpose.Kind,
                        purpose.User,
                        purpose.Bound,
                        browser,
                        origin = party.Origin.ToString(),
                        state,
                        expires = now + Lifetime,
                    }
                ),
            cancellationToken
        );
        return id;
    }

    /// <summary>Takes it away, so that of two answers one finds it. Null unless everything fits.</summary>
    public static async Task<Ceremony?> TakeAsync(
        Transaction tx,
        Guid tenant,
        Guid id,
        CeremonyPurpose purpose,
        Hash<PasskeyBrowser>? browser
    ) =>
        await tx.FirstOrDefaultAsync<Row>(
            """
            delete from identity.passkey_ceremonies
             where tenant_id = @tenant and id = @id and kind = @Kind and user_id is not distinct from @User
               and session_id is not distinct from @Bound and (browser is null or browser = @browser) and expires_at > @Now
            returning origin, state
            """,
            new
            {
                tenant,
                id,
                purpose.Kind,
                purpose.User,
                purpose.Bound,
                browser,
                tx.Now,
            }
        )
            is { } row
            ? new Ceremony(new RelyingParty(new Uri(row.Origin)), row.State)
            : null;

    private sealed class Row
    {
        public string Origin { get; init; } = "";

        public string State { get; init; } = "";
    }
}

/// <param name="State">What the framework compares the answer with: the challenge, and whose answer it must be.</param>
internal sealed record Ceremony(RelyingParty Party, string State);
