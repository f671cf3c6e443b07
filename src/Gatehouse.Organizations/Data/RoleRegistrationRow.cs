using Gatehouse.Core.Postgres;

namespace Gatehouse.Organizations.Data;

/// <summary>How users register for a role, as it is stored.</summary>
internal sealed class RoleRegistrationRow
{
    public const string Open = "open";
    public const string Closed = "closed";
    public const string ByCode = "code";
    public const string ByLink = "link";

    public const string Columns = """
        role_id, state, required_fields, minimum_age, verification, early_sign_in, introduction::text as introduction, version
        """;

    public Guid RoleId { get; init; }

    public string State { get; init; } = Closed;

    public string[] RequiredFields { get; init; } = [];

    public short? MinimumAge { get; init; }

    public string Verification { get; init; } = ByCode;

    public bool EarlySignIn { get; init; }

    /// <summary>JSON: a line of the mail, by language.</summary>
    public string Introduction { get; init; } = "{}";

    /// <summary>0 of a role for which nothing was ever set.</summary>
    public long Version { get; init; }

    public bool IsOpen => State == Open;

    /// <summary>What was set; otherwise that it is closed.</summary>
    public static async Task<RoleRegistrationRow> ReadAsync(DbSession db, Guid tenant, Guid role) =>
        await db.FirstOrDefaultAsync<RoleRegistrationRow>(
            $"select {Columns} from organizations.role_registrations where tenant_id = @tenant and role_id = @role",
            new { tenant, role }
        ) ?? new RoleRegistrationRow { RoleId = role };

    /// <summary>All that was set in the tenant.</summary>
    public static Task<IReadOnlyList<RoleRegistrationRow>> ListAsync(DbSession db, Guid tenant) =>
        db.ListAsync<RoleRegistrationRow>(
            $"select {Columns} from organizations.role_registrations where tenant_id = @tenant",
            new { tenant }
        );

    /// <summary>Stores it in the place of what was set before.</summary>
    public static Task<RoleRegistrationRow> SaveAsync(Transaction tx, Guid tenant, RoleRegistrationRow row) =>
        tx.SingleAsync<RoleRegistrationRow>(
            $"""
            insert into organizations.role_registrations as r (tenant_id, role_id, state, required_fields, minimum_age, verification,
                early_sign_in, introduction, updated_at)
            values (@tenant, @RoleId, @State, @RequiredFields, @MinimumAge, @Verification, @EarlySignIn, @Introduction::jsonb, @Now)
            on conflict on constraint role_registrations_pkey do update
               set state = excluded.state, required_fields = excluded.required_fields, minimum_age = excluded.minimum_age,
                   verification = excluded.verification, early_sign_in = excluded.early_sign_in, introduction = excluded.introduction,
                   version = r.version + 1, updated_at = excluded.updated_at
            returning {Columns}
            """,
            new
            {
                tenant,
                row.RoleId,
                row.State,
                row.RequiredFields,
                row.MinimumAge,
                row.Verification,
                row.EarlySignIn,
                row.Introduction,
                tx.Now,
            }
        );

    public static Task DeleteAsync(Transaction tx, Guid tenant, Guid role) =>
        tx.ExecuteAsync("delete from organizations.role_registrations where tenant_id = @tenant and role_id = @role", new { tenant, role });
}
