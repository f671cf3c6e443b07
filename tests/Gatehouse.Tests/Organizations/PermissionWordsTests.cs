using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Modules;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.Organizations;

/// <summary>Pages speak of permissions in words.</summary>
public sealed class PermissionWordsTests
{
    private static readonly IServiceCollection Services = new ServiceCollection().AddGatehouse(new ConfigurationBuilder().Build());

    private static readonly MessageCatalog Texts = new(Services.Select(service => service.ImplementationInstance).OfType<TextSource>());

    [Fact]
    public void Every_declared_permission_and_area_has_words_in_every_language_and_none_is_left_over()
    {
        var catalog = Services.Select(service => service.ImplementationInstance).OfType<PermissionCatalog>().Single();
        var names = catalog.All.Select(permission => permission.Name).ToList();
        var areas = names.Select(name => name.Split(':')[0]).Distinct();
        var wanted = names
            .Select(name => PermissionWords.Text + name)
            .Concat(areas.Select(area => PermissionWords.AreaText + area))
            .Order(StringComparer.Ordinal)
            .ToList();

        Assert.All(
            Languages.All,
            language =>
                Assert.Equal(
                    wanted,
                    Texts
                        .Codes(language)
                        .Where(code =>
                            code.StartsWith(PermissionWords.Text, StringComparison.Ordinal)
                            || code.StartsWith(PermissionWords.AreaText, StringComparison.Ordinal)
                        )
                        .Order(StringComparer.Ordinal)
                )
        );
    }
}
