using System.ComponentModel;
using Gatehouse.Core.Postgres;

namespace Gatehouse.Organizations.Domains;

/// <summary>A domain of a tenant and how its control is proved.</summary>
public sealed record DomainView
{
    [Description("ASCII, in lower case, such as accounts.school.example.")]
    public required string Domain { get; init; }

    [Description("Whether requests to it are the tenant's.")]
    public required bool Verified { get; init; }

    [Description("When it was verified; null while it was not.")]
    public required DateTimeOffset? VerifiedAt { get; init; }

    [Description("How: dns or file; null while it was not.")]
    public required string? VerifiedBy { get; init; }

    [Description("Name of the TXT record that proves control.")]
    public required string TxtName { get; init; }

    [Description("Its value.")]
    public required string TxtValue { get; init; }

    [Description("Address of the file that proves control as well. Redirects are not followed.")]
    public required string FileUrl { get; init; }

    [Description("Its content.")]
    public required string FileContent { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A domain as it is stored.</summary>
internal sealed class DomainRow
{
    /// <summary>Of <see cref="From"/>.</summary>
    public const string Columns = "d.id, d.domain, d.challenge, d.created_at, v.verified_at, v.method";

    public const string From = """
        organizations.tenant_domains d
          left join organizations.verified_domains v on v.domain = d.domain and v.tenant_id = d.tenant_id
        """;

    public Guid Id { get; init; }

    public string Domain { get; init; } = "";

    public string Challenge { get; init; } = "";

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? VerifiedAt { get; init; }

    public string? Method { get; init; }

    public static Task<DomainRow?> FindAsync(DbSession db, Guid tenant, string? domain) =>
        db.FirstOrDefaultAsync<DomainRow>(
            $"select {Columns} from {From} where d.tenant_id = @tenant and d.domain = @domain",
            new { tenant, domain }
        );

    /// <summary>The same; nobody else verifies or removes it until the transaction ends.</summary>
    public static async Task<DomainRow?> LockAsync(Transaction tx, Guid tenant, string? domain)
    {
        await tx.ExecuteAsync(
            "select 1 from organizations.tenant_domains where tenant_id = @tenant and domain = @domain for update",
            new { tenant, domain }
        );
        return await FindAsync(tx, tenant, domain);
    }

    public DomainView View() =>
        new()
        {
            Domain = Domain,
            Verified = VerifiedAt is not null,
            VerifiedAt = VerifiedAt,
            VerifiedBy = Method,
            TxtName = DomainCheck.RecordName(Domain),
            TxtValue = Challenge,
            FileUrl = DomainCheck.FileUrl(Domain).AbsoluteUri,
            FileContent = Challenge,
            CreatedAt = CreatedAt,
        };
}
