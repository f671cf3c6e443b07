using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Values;

namespace Gatehouse.Identity.Accounts;

/// <summary>
/// Who has which username. One that was given up stays reserved for its former owner for a while, so that nobody passes for them; a row
/// says so until its time is over.
/// </summary>
internal static class Usernames
{
    public static readonly TimeSpan ReservedFor = TimeSpan.FromDays(30);

    /// <summary>More would let one user keep names from others.</summary>
    public const int MaxReserved = 3;

    /// <summary>Whether somebody else has it, or may have it back.</summary>
    /// <param name="user">Who wants it; null for somebody new.</param>
    public static Task<bool> IsTakenAsync(DbSession db, Guid tenantId, Username username, Guid? user = null) =>
        db.SingleAsync<bool>(
            """
            select exists (select 1 from identity.users
                            where tenant_id = @tenantId and username_key = @Key and id is distinct from @user)
                or exists (select 1 from identity.former_usernames
                            where tenant_id = @tenantId and username_key = @Key and user_id is distinct from @user)
            """,
            new
            {
                tenantId,
                username.Key,
                user,
            }
        );

    /// <summary>
    /// Whether it is reserved for somebody else. Asked once the user's row has the name: until then, the row of a user who gives it up in
    /// this moment hides the reservation.
    /// </summary>
    public static Task<bool> IsReservedAsync(Transaction tx, Guid tenantId, Username username, Guid user) =>
        tx.SingleAsync<bool>(
            """
            select exists (select 1 from identity.former_usernames
                            where tenant_id = @tenantId and username_key = @Key and user_id <> @user)
            """,
            new
            {
                tenantId,
                username.Key,
                user,
            }
        );

    /// <summary>Gives the user another name and reserves the old one.</summary>
    /// <returns>Null once that is done.</returns>
    public static async Task<Error?> ChangeAsync(Transaction tx, StoredUser user, Username username)
    {
        if (username == user.Username)
        {
            await SetAsync(tx, user, username);
            return null;
        }

        if (await IsTakenAsync(tx, user.TenantId, username, user.Id))
            return AccountsErrors.UsernameTaken;
        await tx.ExecuteAsync(
            "delete from identity.former_usernames where tenant_id = @TenantId and username_key = @Key and user_id = @Id",
            new
            {
                user.TenantId,
                username.Key,
                user.Id,
            }
        );
        if (user.Username is { } old && !await ReserveAsync(tx, user, old))
            return AccountsErrors.UsernameChangedTooOften;
        await SetAsync(tx, user, username);
        return await IsReservedAsync(tx, user.TenantId, username, user.Id) ? throw new UsernameTakenException() : null;
    }

    /// <summary>Answers that the name is taken where that showed too late to go on.</summary>
    public static async Task<Outcome<T>> OrTakenAsync<T>(Task<Outcome<T>> change)
    {
        try
        {
            return await change;
        }
        catch (UsernameTakenException)
        {
            return AccountsErrors.UsernameTaken;
        }
        catch (Exception e) when (DatabaseFailure.IsTaken(e, "users_username_taken"))
        {
            return AccountsErrors.UsernameTaken;
        }
    }

    private static Task<int> SetAsync(Transaction tx, StoredUser user, Username username) =>
        tx.ExecuteAsync(
            "update identity.users set username = @username, username_key = @Key where tenant_id = @TenantId and id = @Id",
            new
            {
                username,
                username.Key,
                user.TenantId,
                user.Id,
            }
        );

    private static async Task<bool> ReserveAsync(Transaction tx, StoredUser user, Username old) =>
        await tx.ExecuteAsync(
            $"""
            insert into identity.former_usernames (tenant_id, username_key, user_id, reserved_until)
            select @TenantId, @Key, @Id, @until
             where (select count(*) from identity.former_usernames where tenant_id = @TenantId and user_id = @Id) < {MaxReserved}
            """,
            new
            {
                user.TenantId,
                old.Key,
                user.Id,
                until = tx.Now + ReservedFor,
            }
        ) == 1;

    /// <summary>Undoes the transaction in which it showed.</summary>
    private sealed class UsernameTakenException : Exception;
}
