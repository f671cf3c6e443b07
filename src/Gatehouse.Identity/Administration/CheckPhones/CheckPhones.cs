using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Values;

namespace Gatehouse.Identity.Administration;

/// <summary>
/// Compares all stored phone numbers with what the numbering plans of this build say of them (record 100). Read-only: two spellings that
/// have become one line may be two people, which nobody but they can say.
/// </summary>
public sealed class CheckPhones(Database database, SubjectKeys subjectKeys, BlindIndex blindIndex)
{
    private const int PageSize = 500;

    /// <param name="tell">Told of each number that is not what it was.</param>
    /// <returns>How many were compared.</returns>
    public async Task<long> RunAsync(Action<ChangedPhone> tell, CancellationToken cancellationToken)
    {
        var compared = 0L;
        var taken = new Dictionary<(Guid Tenant, string Key), Guid>();
        var (tenant, user) = (Guid.Empty, Guid.Empty);
        while (true)
        {
            var page = await database.QueryAsync(db => PageAsync(db, tenant, user), cancellationToken);
            foreach (var row in page)
            {
                (tenant, user) = (row.TenantId, row.Id);
                // Erased meanwhile, there is none to open it.
                if (await subjectKeys.FindAsync(row.Id, cancellationToken) is not { } key)
                    continue;
                compared++;
                var stored = key.Open(row.Phone);
                var now = PhoneNumber.TryParse(stored.Delivery, region: null);
                if (now == stored && now.Delivery == stored.Delivery)
                    continue;
                var other = now is null ? null : await FindAsync(row, now, cancellationToken);
                // Two that change may meet, too.
                if (now is not null && !taken.TryAdd((row.TenantId, now.Canonical), row.Id))
                    other ??= taken[(row.TenantId, now.Canonical)];
                tell(new ChangedPhone(row.TenantId, row.Id, stored.Masked, IsRefused: now is null, other));
            }

            if (page.Count < PageSize)
                return compared;
        }
    }

    private static Task<IReadOnlyList<Row>> PageAsync(DbSession db, Guid tenant, Guid user) =>
        db.ListAsync<Row>(
            """
            select tenant_id, id, phone from identity.users
             where (tenant_id, id) > (@tenant, @user) and phone is not null order by tenant_id, id limit @PageSize
            """,
            new
            {
                tenant,
                user,
                PageSize,
            }
        );

    /// <returns>Who else has the number by now.</returns>
    private Task<Guid?> FindAsync(Row row, PhoneNumber now, CancellationToken cancellationToken)
    {
        var index = blindIndex.Compute(row.TenantId, Users.PhoneKind, now.Canonical);
        return database.QueryAsync(
            db =>
                db.FirstOrDefaultAsync<Guid?>(
                    """
                    select user_id from identity.identifiers
                     where tenant_id = @TenantId and kind = @PhoneKind and index_version = @Version and blind_index = @index
                       and user_id <> @Id
                    """,
                    new
                    {
                        row.TenantId,
                        row.Id,
                        Users.PhoneKind,
                        BlindIndex.Version,
                        index,
                    }
                ),
            cancellationToken
        );
    }

    private sealed class Row
    {
        public Guid TenantId { get; init; }

        public Guid Id { get; init; }

        public EncryptedValue<PhoneNumber> Phone { get; init; } = null!;
    }
}

/// <summary>A number that is not what it was when it was stored.</summary>
/// <param name="Masked">Its country code and last two digits.</param>
/// <param name="IsRefused">Whether it would not be accepted any more; otherwise it has another key.</param>
/// <param name="SharedWith">The user who has that key already; null for nobody.</param>
public sealed record ChangedPhone(Guid TenantId, Guid UserId, string Masked, bool IsRefused, Guid? SharedWith);
