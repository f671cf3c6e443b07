using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Gatehouse.Audit;
using Gatehouse.Core.Results;
using Gatehouse.Identity;
using Gatehouse.Identity.Verification;
using Gatehouse.Notifications;
using Gatehouse.OpenId;
using Gatehouse.Organizations;
using Gatehouse.Web;
using Gatehouse.Webhooks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.Docs;

/// <summary>Holds the error catalogues, their texts in every language and docs/errors together.</summary>
public sealed partial class ErrorPagesTests
{
    private const string Field = "A field error,";

    private static readonly string Folder = Path.Combine(Repository.Root, "docs", "errors");

    private static readonly MessageCatalog Texts = new(
        new ServiceCollection()
            .AddGatehouse(new ConfigurationBuilder().Build())
            .Select(service => service.ImplementationInstance)
            .OfType<TextSource>()
    );

    private static readonly Assembly[] Assemblies =
    [
        typeof(RequestErrors).Assembly,
        typeof(IdentityModule).Assembly,
        typeof(NotificationsModule).Assembly,
        typeof(OrganizationsModule).Assembly,
        typeof(OpenIdModule).Assembly,
        typeof(WebhooksModule).Assembly,
        typeof(AuditModule).Assembly,
    ];

    private static readonly IReadOnlyList<Error> Errors =
    [
        .. Assemblies
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.Name.EndsWith("Errors", StringComparison.Ordinal))
            .SelectMany(Statics)
            .Where(field => field.FieldType == typeof(Error))
            .Select(field => (Error)field.GetValue(null)!),
    ];

    // Constants such as Username.Malformed: codes of field errors stand beside the rule that reports them. Subscribers have a Name.
    private static readonly IReadOnlyList<string> ErrorCodes =
    [
        .. Assemblies
            .SelectMany(assembly => assembly.GetTypes())
            .SelectMany(Statics)
            .Where(field => field.IsLiteral && field.Name != "Name")
            .Select(field => field.GetRawConstantValue())
            .OfType<string>()
            .Where(text => Code.IsMatch(text))
            .Distinct(),
    ];

    // Texts of actions in the audit are audit.area.verb.
    private static IEnumerable<string> Codes =>
        Texts.Codes(Languages.Default).Where(code => code.Split('.') is not (["page" or "device", ..] or ["audit", _, _, ..]));

    [Fact]
    public void Every_code_has_a_page_and_every_page_a_code()
    {
        var pages = Directory
            .EnumerateFiles(Folder, "*.md")
            .Select(file => Path.GetFileNameWithoutExtension(file))
            .Where(name => name != "README");
        Assert.Equal(Codes.Order(StringComparer.Ordinal), pages.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_list_of_errors_names_every_page()
    {
        var list = await File.ReadAllTextAsync(Path.Combine(Folder, "README.md"));
        Assert.All(Codes, code => Assert.Contains($"[`{code}`]({code}.md)", list, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_text_exists_in_every_language_with_the_same_placeholders()
    {
        foreach (var language in Languages.All)
        {
            Assert.Equal(Texts.Codes(Languages.Default).Order(StringComparer.Ordinal), Texts.Codes(language).Order(StringComparer.Ordinal));
            Assert.All(Texts.Codes(language), code => Assert.Equal(Placeholders(code, Languages.Default), Placeholders(code, language)));
        }
    }

    [Fact]
    public void Every_error_and_every_field_error_has_a_text()
    {
        Assert.Contains(VerificationErrors.CodeWrong, Errors);
        Assert.Contains(ValidationCodes.Required, ErrorCodes);
        Assert.Empty(Errors.Select(error => error.Code).Concat(ErrorCodes).Except(Codes));
    }

    [Fact]
    public void Every_text_belongs_to_an_error_or_to_a_field_error() =>
        Assert.Empty(Codes.Except(Errors.Select(error => error.Code)).Except(ErrorCodes));

    [Fact]
    public async Task Every_page_names_its_code_and_its_status()
    {
        foreach (var code in Codes)
        {
            var page = await File.ReadAllTextAsync(Path.Combine(Folder, code + ".md"));
            var expected = Errors.FirstOrDefault(error => error.Code == code) is { } error ? $"Status {StatusOf(error)}." : Field;
            Assert.StartsWith($"# {code}\n\n{expected} ", page, StringComparison.Ordinal);
        }
    }

    private static string StatusOf(Error error)
    {
        // Three errors belong to HTTP alone, which gives them their status.
        var status =
            error == RequestErrors.MethodNotAllowed ? 405
            : error == RequestErrors.TimedOut ? 408
            : error == RequestErrors.Unexpected ? 500
            : error.ToProblem().StatusCode;
        return status!.Value.ToString(CultureInfo.InvariantCulture);
    }

    private static FieldInfo[] Statics(Type type) => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic);

    private static IEnumerable<string> Placeholders(string code, string language) =>
        Placeholder.Matches(Texts.Text(code, language)).Select(match => match.Value).Order(StringComparer.Ordinal);

    [GeneratedRegex(@"^(request|identity|organizations|openid|webhooks|audit)\.[a-z-]+$", RegexOptions.CultureInvariant)]
    private static partial Regex Code { get; }

    [GeneratedRegex(@"\{\w+\}", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder { get; }
}
