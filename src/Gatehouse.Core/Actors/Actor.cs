using Gatehouse.Contracts.Access;
using Gatehouse.Contracts.Tenants;

namespace Gatehouse.Core.Actors;

/// <summary>For whom an operation runs. Handlers take it instead of the HTTP request, because pages, gRPC and imports call them
/// too.</summary>
public sealed record Actor
{
    /// <summary>The tenant the operation is about.</summary>
    public required Tenant Tenant { get; init; }

    /// <summary>BCP 47 language of messages and mails.</summary>
    public required string Language { get; init; }

    /// <summary>Whose turn it is where clients share something scarce: the client's address.</summary>
    public required string Client { get; init; }

    /// <summary>Who is signed in; null for nobody. Operations behind <c>RequireSignIn</c> always have one.</summary>
    public SignedInUser? User { get; init; }

    /// <summary>The service account that calls; null for none. Operations behind a permission have either a user or one.</summary>
    public ServiceAccount? ServiceAccount { get; init; }

    /// <summary>Whether it runs by the word of who operates the installation: a command, or the link that the program printed.</summary>
    public bool IsOperator { get; init; }

    /// <summary>The own tenant of the user or service account if the operation is about another one; null otherwise.</summary>
    public Guid? HomeTenantId { get; init; }

    /// <summary>What the actor may do in the tenant. Operations that require a permission always have it.</summary>
    public UserAccess? Access { get; init; }

    /// <summary>The client's network, IPv4 to /24 and IPv6 to /48: what lists and the audit show as the place.</summary>
    public string Network { get; init; } = "";

    /// <summary>The program and system the client says it is, such as <c>Firefox on Linux</c>; empty when it says nothing of use.</summary>
    public string Device { get; init; } = "";

    /// <summary>What the client holds to be known again at sign-in (header <c>Gatehouse-Device</c> or its cookie); null when it holds
    /// nothing.</summary>
    public string? DeviceToken { get; init; }

    /// <summary>An operator at the command line.</summary>
    public static Actor Operator(Tenant tenant, string language) =>
        new()
        {
            Tenant = tenant,
            Language = language,
            Client = "operator",
            IsOperator = true,
        };

    /// <summary>The signed-in user. Asking in an operation that anybody may call is a programming error.</summary>
    public SignedInUser RequiredUser => User ?? throw new InvalidOperationException("The endpoint does not require a signed-in person.");

    /// <summary>Who acts: the signed-in user or the service account; null for nobody.</summary>
    public Guid? Id => User?.Id ?? ServiceAccount?.Id;

    /// <summary>The same. Asking in an operation that anybody may call is a programming error.</summary>
    public Guid RequiredId => Id ?? throw new InvalidOperationException("The endpoint does not require anybody to call it.");

    /// <summary>What the actor may do. Asking in an operation that requires no permission is a programming error.</summary>
    public UserAccess RequiredAccess => Access ?? throw new InvalidOperationException("The endpoint does not require a permission.");
}

/// <summary>A signed-in user, as the access token says.</summary>
/// <param name="Id">The user.</param>
/// <param name="SessionId">The session that the token belongs to.</param>
/// <param name="AuthenticatedAt">When the user last proved who they are.</param>
public sealed record SignedInUser(Guid Id, Guid SessionId, DateTimeOffset AuthenticatedAt)
{
    /// <summary>The organization that the token speaks for; null for none.</summary>
    public Guid? OrganizationId { get; init; }

    /// <summary>
    /// Names of the roles in the tenant and in that organization when the token was issued. What may be done now is another question
    /// (<see cref="Actor.Access"/>).
    /// </summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>
    /// The client of OAuth 2.0 that the token was issued to, by its public name; null for our own pages and API. Such a token is for what
    /// its scopes say at other services, and for nothing at our own API but <c>/oauth2/userinfo</c>.
    /// </summary>
    public string? ClientId { get; init; }

    /// <summary>Whether the user has not verified the address or number yet. Such a token is good at our own API only.</summary>
    public bool IsUnverified { get; init; }

    /// <summary>How the user was authenticated, in the words of <see cref="AuthenticationMethods"/>; none in old sessions.</summary>
    public IReadOnlyList<string> Methods { get; init; } = [];

    /// <summary>Whether the user has to add a second factor first. Such a token is good for that alone.</summary>
    public bool MustEnroll { get; init; }

    /// <summary>Whether the user has closed the account. Such a token is good for opening it again.</summary>
    public bool IsClosed { get; init; }

    /// <summary>Whether the token is good at other services, too.</summary>
    public bool IsGoodElsewhere => !IsUnverified && !MustEnroll && !IsClosed;

    /// <summary>What the user granted to that client.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];
}

/// <summary>A machine client, as its access token says.</summary>
/// <param name="Id">The client.</param>
public sealed record ServiceAccount(Guid Id)
{
    /// <summary>Its public name in OAuth 2.0.</summary>
    public required string ClientId { get; init; }

    /// <summary>The token's own id, a version-7 UUID: revocation goes by it, and by the time in it.</summary>
    public required Guid TokenId { get; init; }

    /// <summary>Names of the permissions that the token is for. What may be done now is another question
    /// (<see cref="Actor.Access"/>).</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>When the token was issued, which its id says (RFC 9562, 5.7).</summary>
    public DateTimeOffset IssuedAt => TimeOf(TokenId);

    /// <summary>The time in a token's id, in whole milliseconds.</summary>
    public static DateTimeOffset TimeOf(Guid token)
    {
        Span<byte> bytes = stackalloc byte[16];
        token.TryWriteBytes(bytes, bigEndian: true, out _);
        return DateTimeOffset.FromUnixTimeMilliseconds(System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(bytes) >>> 16);
    }
}
