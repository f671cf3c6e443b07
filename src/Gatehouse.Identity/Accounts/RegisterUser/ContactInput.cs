using Gatehouse.Contracts.Tenants;
using Gatehouse.Core.Results;
using Gatehouse.Identity.Values;
using Gatehouse.Web;

namespace Gatehouse.Identity.Accounts;

/// <summary>The one address or number that an account begins with.</summary>
internal static class ContactInput
{
    public const string OneOnly = "identity.one-contact-only";
    public const string NotOffered = "identity.contact-not-offered";

    /// <summary>Null with exactly one error for none, for both, and for a kind that the tenant does not register.</summary>
    public static IContact? Parse(RegisterUser.Request request, TenantSettings settings, ValidationErrors errors)
    {
        // A field that has its error already was sent nevertheless.
        var sentNumber = !TextInput.IsBlank(request.PhoneNumber) || errors.Has("phoneNumber");
        var isNumber = sentNumber || (!settings.RegistersByEmail && TextInput.IsBlank(request.Email));
        var field = isNumber ? "phoneNumber" : "email";
        if (sentNumber && !TextInput.IsBlank(request.Email))
            errors.Add(field, OneOnly);
        else if (isNumber ? !settings.RegistersByPhone : !settings.RegistersByEmail)
            errors.Add(field, NotOffered);
        else if (isNumber)
            return PhoneNumber.Parse(request.PhoneNumber, request.Region, field, errors);
        else
            return EmailAddress.Parse(request.Email, field, errors);
        return null;
    }

    /// <summary>The same where both kinds are taken, whatever the tenant registers.</summary>
    public static IContact? Parse(string? email, string? phoneNumber, string? region, ValidationErrors errors)
    {
        if (TextInput.IsBlank(phoneNumber) && !errors.Has("phoneNumber"))
            return EmailAddress.Parse(email, "email", errors);
        if (!TextInput.IsBlank(email))
        {
            errors.Add("phoneNumber", OneOnly);
            return null;
        }

        return PhoneNumber.Parse(phoneNumber, region, "phoneNumber", errors);
    }
}
