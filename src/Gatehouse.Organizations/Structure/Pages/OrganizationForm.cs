using Gatehouse.Core.Results;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Organizations.Structure;

/// <summary>What was typed about an organization.</summary>
public sealed record OrganizationForm
{
    public const string NameField = "organizationName";
    public const string CodeField = "organizationCode";
    public const string DescriptionField = "description";

    public static readonly IReadOnlyList<string> Fields = [NameField, CodeField, DescriptionField];

    public string? Name { get; init; }

    public string? Code { get; init; }

    public string? Description { get; init; }

    internal static OrganizationForm Of(IReadOnlyList<string>? fields) =>
        new()
        {
            Name = fields?[0],
            Code = fields?[1],
            Description = fields?[2],
        };

    internal static OrganizationForm Of(IFormCollection form) => Of([.. Fields.Select(field => form[field].ToString())]);

    internal static Error? AtFields(Error? error) =>
        error.AtField("code", StructureErrors.CodeTaken).Renamed(("name", NameField), ("code", CodeField));
}
