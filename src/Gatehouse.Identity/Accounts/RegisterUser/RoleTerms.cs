using Gatehouse.Contracts.Tenants;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Results;
using Gatehouse.Identity.Values;
using Gatehouse.Web;

namespace Gatehouse.Identity.Accounts;

/// <summary>What a role asks of those who register for it, or have it. Pure.</summary>
internal static class RoleTerms
{
    public const string TooYoung = "identity.below-minimum-age";

    /// <summary>What the tenant registers, without what the role does not begin with.</summary>
    public static TenantSettings Narrow(TenantSettings settings, RegistrationRole? role) =>
        role is null
            ? settings
            : settings with
            {
                RegistersByEmail = settings.RegistersByEmail && !role.Requires(RegistrationFields.PhoneNumber),
                RegistersByPhone = settings.RegistersByPhone && !role.Requires(RegistrationFields.Email),
            };

    /// <summary>Adds an error for each field that the role requires and the request lacks.</summary>
    public static void CheckRequired(RegistrationRole role, RegisterUser.Request request, ValidationErrors errors)
    {
        Check(RegistrationFields.Username, request.Username);
        Check(RegistrationFields.GivenName, request.GivenName);
        Check(RegistrationFields.FamilyName, request.FamilyName);
        Check(RegistrationFields.BirthDate, request.BirthDate);

        // A field that has its error already was sent nevertheless.
        void Check(string field, string? value)
        {
            if (role.Requires(field) && TextInput.IsBlank(value) && !errors.Has(field))
                errors.Add(field, ValidationCodes.Required);
        }
    }

    /// <summary>Adds an error if the birth date is missing or tells too low an age.</summary>
    /// <param name="minimum">In whole years; null for any.</param>
    public static void CheckAge(int? minimum, DateOnly? born, DateOnly today, ValidationErrors errors)
    {
        const string field = RegistrationFields.BirthDate;
        if (minimum is not { } years || errors.Has(field))
            return;
        if (born is not { } day)
            errors.Add(field, ValidationCodes.Required);
        else if (BirthDate.AgeOn(today, day) < years)
            errors.Add(field, TooYoung, TextInput.Limits(("min", years)));
    }
}

/// <summary>What a registration may say beside the name.</summary>
internal sealed record MoreDetails
{
    public PersonName? GivenName { get; init; }

    public PersonName? FamilyName { get; init; }

    public DateOnly? BirthDate { get; init; }

    public static MoreDetails Parse(RegisterUser.Request request, RegistrationRole? role, DateOnly today, ValidationErrors errors)
    {
        var parsed = new MoreDetails
        {
            GivenName = ParseName(request.GivenName, "givenName", errors),
            FamilyName = ParseName(request.FamilyName, "familyName", errors),
            BirthDate = Values.BirthDate.Parse(request.BirthDate ?? "", "birthDate", today, errors)?.Value,
        };
        if (role is null)
            return parsed;
        RoleTerms.CheckRequired(role, request, errors);
        RoleTerms.CheckAge(role.MinimumAge, parsed.BirthDate, today, errors);
        return parsed;
    }

    public override string ToString() => "[details]";

    private static PersonName? ParseName(string? input, string field, ValidationErrors errors) =>
        TextInput.IsBlank(input) ? null : PersonName.Parse(input, field, errors);
}
