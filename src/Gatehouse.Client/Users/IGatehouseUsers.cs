namespace Gatehouse.Client;

/// <summary>Who users are. The service account needs the permission <c>users:read</c>.</summary>
public interface IGatehouseUsers
{
    /// <summary>A user, or null for one that there is not. Questions of the same few milliseconds travel together, and answers are kept for
    /// <see cref="GatehouseClientOptions.UserMemory"/>.</summary>
    /// <exception cref="GatehouseUnavailableException">Gatehouse cannot be asked.</exception>
    Task<GatehouseUser?> GetAsync(Guid id, CancellationToken cancellationToken = default);

    /// <summary>Users by their ids, however many; those that there are not are left out.</summary>
    /// <exception cref="GatehouseUnavailableException">Gatehouse cannot be asked.</exception>
    Task<IReadOnlyDictionary<Guid, GatehouseUser>> BatchGetAsync(IEnumerable<Guid> ids, CancellationToken cancellationToken = default);

    /// <summary>The user who signs in with the address, or null.</summary>
    /// <exception cref="GatehouseUnavailableException">Gatehouse cannot be asked.</exception>
    Task<GatehouseUser?> LookupByEmailAsync(string email, CancellationToken cancellationToken = default);

    /// <summary>The user who signs in with the phone number, or null.</summary>
    /// <param name="phoneNumber">With + and the country code, in any spelling.</param>
    /// <exception cref="GatehouseUnavailableException">Gatehouse cannot be asked.</exception>
    Task<GatehouseUser?> LookupByPhoneNumberAsync(string phoneNumber, CancellationToken cancellationToken = default);

    /// <summary>The user who signs in with the username, or null.</summary>
    /// <exception cref="GatehouseUnavailableException">Gatehouse cannot be asked.</exception>
    Task<GatehouseUser?> LookupByUsernameAsync(string username, CancellationToken cancellationToken = default);
}

/// <summary>A user.</summary>
public sealed record GatehouseUser
{
    /// <summary>The id: the claim <c>sub</c>.</summary>
    public required Guid Id { get; init; }

    /// <summary>The display name.</summary>
    public required string Name { get; init; }

    /// <summary>The given name; null for none.</summary>
    public string? GivenName { get; init; }

    /// <summary>The family name; null for none.</summary>
    public string? FamilyName { get; init; }

    /// <summary>The username as typed; null for none.</summary>
    public string? Username { get; init; }

    /// <summary>The address, with the domain in ASCII form; null for none.</summary>
    public string? Email { get; init; }

    /// <summary>Whether the address was verified.</summary>
    public bool EmailVerified { get; init; }

    /// <summary>The phone number in E.164; null for none.</summary>
    public string? PhoneNumber { get; init; }

    /// <summary>Whether the number was verified.</summary>
    public bool PhoneNumberVerified { get; init; }

    /// <summary>Whether the user is disabled and cannot sign in.</summary>
    public bool IsDisabled { get; init; }

    /// <summary>When the account was created.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Hides the values: a record's own text would print them.</summary>
    public override string ToString() => Id.ToString();
}
