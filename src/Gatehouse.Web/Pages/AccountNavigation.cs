using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Web.Pages;

/// <summary>A page of the own account, which may come from any module.</summary>
public sealed record AccountSection
{
    public required string Path { get; init; }

    /// <summary>Key of the link's text.</summary>
    public required string Text { get; init; }

    public required int Order { get; init; }
}

public static class AccountNavigation
{
    /// <summary>Offers the page beside all others of the account.</summary>
    public static IServiceCollection AddAccountSection(this IServiceCollection services, string path, string text, int order) =>
        services.AddSingleton(
            new AccountSection
            {
                Path = path,
                Text = text,
                Order = order,
            }
        );

    /// <summary>The links beside a page of the account.</summary>
    /// <param name="current">The page's own address.</param>
    public static Navigation AccountSections(this HttpContext http, string current)
    {
        var (texts, language) = (http.RequestServices.GetRequiredService<MessageCatalog>(), http.Language());
        return new Navigation
        {
            Label = texts.Text("page.account", language),
            Groups =
            [
                new NavigationGroup
                {
                    Links =
                    [
                        .. http
                            .RequestServices.GetServices<AccountSection>()
                            .OrderBy(section => section.Order)
                            .Select(section => new NavigationLink
                            {
                                Path = section.Path,
                                Text = texts.Text(section.Text, language),
                                Current = section.Path == current ? "page" : null,
                            }),
                    ],
                },
            ],
        };
    }
}
