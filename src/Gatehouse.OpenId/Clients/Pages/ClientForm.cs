using Gatehouse.Contracts.Access;
using Gatehouse.Core.Results;
using Gatehouse.OpenId.Data;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.OpenId.Clients;

/// <summary>The form of a service account, as it was typed.</summary>
public sealed record ClientForm
{
    public const string NameField = "clientName";
    public const string OrganizationField = "organization";
    public const string ScopesField = "scopes";
    public const string PlatformField = "platform";
    public const string DaysField = "secretDays";
    public const string ResourcesField = "resources";

    /// <summary>In the order of <see cref="Of(IReadOnlyList{string})"/>.</summary>
    public static readonly IReadOnlyList<string> Fields =
    [
        NameField,
        OrganizationField,
        ScopesField,
        PlatformField,
        DaysField,
        ResourcesField,
        .. SignInForm.Fields,
    ];

    private const int OwnFields = 6;

    public const string Ticked = "on";

    private const string Ambiguous = "page.console.clients.organization-ambiguous";

    public string Name { get; init; } = "";

    /// <summary>A code, a name or an id; empty for the whole tenant.</summary>
    public string Organization { get; init; } = "";

    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>Whether it may act in every tenant.</summary>
    public bool IsPlatform { get; init; }

    /// <summary>Days after which the first secret expires; empty for never.</summary>
    public string Days { get; init; } = "";

    /// <summary>One a line.</summary>
    public string Resources { get; init; } = "";

    /// <summary>How it signs users in.</summary>
    public SignInForm SignIn { get; init; } = new();

    // Several boxes of one name arrive with commas between them; no name has one.
    internal static ClientForm? Of(IReadOnlyList<string>? fields) =>
        fields is null
            ? null
            : new()
            {
                Name = fields[0],
                Organization = fields[1],
                Scopes = fields[2].Split(',', StringSplitOptions.RemoveEmptyEntries),
                IsPlatform = fields[3].Length > 0,
                Days = fields[4],
                Resources = fields[5],
                SignIn = SignInForm.Of([.. fields.Skip(OwnFields)]),
            };

    internal static ClientForm Of(IFormCollection form) => Of([.. Fields.Select(field => form[field].ToString())])!;

    internal static async Task<ClientForm> OfAsync(ClientRow row, HttpContext http) =>
        new()
        {
            Name = row.Name,
            Organization = row.Where is { } organization ? await CodeAsync(organization, http) : "",
            Scopes = row.Scopes,
            IsPlatform = row.IsPlatform,
            Resources = string.Join('\n', row.Resources),
            SignIn = SignInForm.Of(row.SignIn),
        };

    /// <summary>The organization that was typed: the one that the text names exactly, or the only one that it may mean.</summary>
    internal async Task<Outcome<Guid?>> OrganizationAsync(HttpContext http)
    {
        if (TextInput.IsBlank(Organization))
            return (Guid?)null;
        if (Guid.TryParseExact(Organization.Trim(), "D", out var id))
            return (Guid?)id;
        var hits = await HitsAsync(http);
        var exact = hits.Where(hit => string.Equals(hit.Detail, Organization.Trim(), StringComparison.OrdinalIgnoreCase)).ToList();
        if ((exact.Count == 1 ? exact : hits) is [var only])
            return (Guid?)only.Id;
        var errors = new ValidationErrors();
        errors.Add(OrganizationField, hits.Count == 0 ? ClientInput.OrganizationUnknown : Ambiguous);
        return RequestErrors.InvalidWith(errors);
    }

    /// <summary>What the text may mean.</summary>
    internal Task<IReadOnlyList<ConsoleHit>> HitsAsync(HttpContext http) => http.HitsAsync(ConsolePaths.Organizations, Organization);

    internal static Error? AtFields(Error? error) =>
        SignInForm.AtFields(error.Renamed(("name", NameField), ("organizationId", OrganizationField)));

    /// <summary>The permissions that the actor holds and so may give, with those that the client has.</summary>
    internal static async Task<IReadOnlyList<PermissionGroup>> OfferAsync(
        IPermissionDirectory permissions,
        ClientRow? row,
        HttpContext http
    )
    {
        var access = http.Actor().RequiredAccess;
        var held = access.In(row?.Where).Concat(row?.Scopes ?? []).ToHashSet(StringComparer.Ordinal);
        var known = await permissions.FindAsync(held, http.RequestAborted);
        var level = row?.Level ?? (MayReachTenants(http) ? AccessLevel.Platform : AccessLevel.Tenant);
        return PermissionWords.Groups(
            held.Where(name => row?.Scopes.Contains(name, StringComparer.Ordinal) == true || known.GetValueOrDefault(name)?.Level <= level),
            name => known.GetValueOrDefault(name)?.Description,
            http
        );
    }

    /// <summary>Whether the actor may create service accounts that act in every tenant.</summary>
    internal static bool MayReachTenants(HttpContext http) =>
        http.Actor().RequiredAccess.AcrossTenants().Allows(ClientsArea.WriteClients.Name);

    private static async Task<string> CodeAsync(Guid organization, HttpContext http) =>
        await http.HitsAsync(ConsolePaths.Organizations, organization.ToString()) is [{ Detail: { } code }]
            ? code
            : organization.ToString();
}
