using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Contracts.Access;
using Gatehouse.Core.Results;
using Gatehouse.Messaging;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Modules;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Organizations.Structure;

/// <summary>Organizations of a tenant and who belongs to them.</summary>
internal sealed class StructureArea : IArea
{
    public static readonly Permission ReadOrganizations = new()
    {
        Name = "organizations:read",
        Level = AccessLevel.Organization,
        Description = "See organizations and their members.",
    };

    public static readonly Permission WriteOrganizations = new()
    {
        Name = "organizations:write",
        Level = AccessLevel.Organization,
        Description = "Change an organization.",
    };

    public static readonly Permission CreateOrganizations = new()
    {
        Name = "organizations:create",
        Level = AccessLevel.Tenant,
        Description = "Create, deactivate and reactivate organizations.",
    };

    public static readonly Permission WriteMembers = new()
    {
        Name = "members:write",
        Level = AccessLevel.Organization,
        Description = "Add and remove members of an organization.",
    };

    public IReadOnlyList<Permission> Permissions { get; } = [ReadOrganizations, WriteOrganizations, CreateOrganizations, WriteMembers];

    public IReadOnlyList<Slice> Slices { get; } =
    [
        Slice.Operation<CreateOrganization.Handler>("Organizations", CreateOrganization.Map),
        Slice.Operation<ListOrganizations.Handler>("Organizations", ListOrganizations.Map),
        Slice.Operation<GetOrganization.Handler>("Organizations", GetOrganization.Map),
        Slice.Operation<UpdateOrganization.Handler>("Organizations", UpdateOrganization.Map),
        Slice.Operation<DeactivateOrganization.Handler>("Organizations", DeactivateOrganization.Map),
        Slice.Operation<ReactivateOrganization.Handler>("Organizations", ReactivateOrganization.Map),
        Slice.Operation<ListMembers.Handler>("Members", ListMembers.Map),
        Slice.Operation<AddMember.Handler>("Members", AddMember.Map),
        Slice.Operation<RemoveMember.Handler>("Members", RemoveMember.Map),
        Slice.Operation<ListRelatedOrganizations.Handler>("Organizations", ListRelatedOrganizations.Map),
        Slice.Operation<RelateOrganizations.Handler>("Organizations", RelateOrganizations.Map),
        Slice.Operation<UnrelateOrganizations.Handler>("Organizations", UnrelateOrganizations.Map),
        Slice.Routes(OrganizationsPages.Map),
        Slice.Routes(NewOrganizationPages.Map),
        Slice.Routes(OrganizationPages.Map),
        Slice.Routes(EditOrganizationPages.Map),
        Slice.Routes<OrganizationActs>(OrganizationActs.Map),
        Slice.Routes<MemberPages>(MemberPages.Map),
        Slice.Routes<MemberActs>(MemberActs.Map),
        Slice.Routes<RelatedPages>(RelatedPages.Map),
    ];

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddRequests(StructureJson.Default);
        services.AddJob<PublishMemberships>();
        services.AddSingleton<OrganizationFigures>().AddSingleton<OrganizationNames>().AddSingleton<UserLinks>();
        services.AddSingleton<OrganizationFinder>();
        services.AddConsoleEntry(OrganizationsPages.Entry).AddConsoleFinder<OrganizationFinder>();
        services.AddConsoleSection(OrganizationPages.Overview).AddConsoleSection(MemberPages.Section);
        services.AddConsoleSection(RelatedPages.Section).AddConsolePart<UserOrganizationsPart>();
    }
}

/// <summary>Rejections of this area. Each code has a page in docs/errors and a text in every language.</summary>
internal static class StructureErrors
{
    public static readonly Error CodeTaken = new("organizations.code-taken", ErrorKind.Conflict);

    /// <summary>An organization is not related to itself.</summary>
    public static readonly Error RelatedToItself = new("organizations.related-to-itself", ErrorKind.Refused);
}

/// <summary>The JSON form of this area's requests and responses.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(CreateOrganization.Request), TypeInfoPropertyName = "CreateOrganizationRequest")]
[JsonSerializable(typeof(UpdateOrganization.Request), TypeInfoPropertyName = "UpdateOrganizationRequest")]
[JsonSerializable(typeof(OrganizationView))]
[JsonSerializable(typeof(Page<OrganizationView>), TypeInfoPropertyName = "OrganizationPage")]
[JsonSerializable(typeof(Page<ListMembers.Item>), TypeInfoPropertyName = "MemberPage")]
[JsonSerializable(typeof(Page<ListRelatedOrganizations.Related>), TypeInfoPropertyName = "RelatedPage")]
internal sealed partial class StructureJson : JsonSerializerContext;
