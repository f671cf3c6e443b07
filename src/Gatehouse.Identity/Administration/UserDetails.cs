using Gatehouse.Core.Actors;
using Gatehouse.Core.Results;
using Gatehouse.Identity.Passwords;
using Gatehouse.Identity.Values;
using Gatehouse.Web;

namespace Gatehouse.Identity.Administration;

/// <summary>What is said of a user who is to be created, beside the address or number.</summary>
internal interface IUserDetails
{
    string? Name { get; }

    string? Username { get; }

    string? Password { get; }

    string? PreferredLanguage { get; }
}

/// <summary>The same, as it is stored: the password is a hash.</summary>
internal sealed record UserDetails(PersonName Name, Username? Username, PasswordHash? Password, string Language)
{
    public override string ToString() => "[details]";
}

/// <summary>Reads the details of a user who is to be created. The rules are those of a registration.</summary>
internal sealed class UserDetailsReader(NewPasswords newPasswords, PasswordHasher hasher)
{
    /// <param name="contact">Part of what the password must not contain; null where it is not known.</param>
    /// <param name="errors">Those found before; a password is hashed only if there are none at all.</param>
    /// <param name="actor">Its language becomes the user's where none is given.</param>
    /// <param name="rejection">Why nothing is created, if the request is well-formed; null: go on.</param>
    public async Task<Outcome<UserDetails>> ReadAsync(
        IUserDetails request,
        IContact? contact,
        ValidationErrors errors,
        Actor actor,
        CancellationToken cancellationToken,
        Error? rejection = null
    )
    {
        var name = PersonName.Parse(request.Name, "name", errors);
        var username = Username.ParseOptional(request.Username, "username", errors);
        var typed = request.Password is null ? null : PasswordInput.Parse(request.Password, "password", errors);
        var language = TextInput.IsBlank(request.PreferredLanguage) ? actor.Language : request.PreferredLanguage!;
        if (!Languages.All.Contains(language, StringComparer.Ordinal))
            errors.Add("preferredLanguage", ValidationCodes.UnknownValue, TextInput.Limits(("allowed", string.Join(", ", Languages.All))));
        var context = new PasswordContext(actor.Tenant.DisplayName, name, username, contact);
        var password = typed is null ? null : await newPasswords.AcceptAsync(typed, context, "password", errors, actor, cancellationToken);
        if (errors.Any || name is null)
            return RequestErrors.InvalidWith(errors);
        if (rejection is not null)
            return rejection;
        if (password is null)
            return new UserDetails(name, username, Password: null, language);
        var hash = await hasher.HashAsync(password, actor.Client, cancellationToken);
        return hash.Error is { } busy ? busy : new UserDetails(name, username, hash.Value, language);
    }
}
