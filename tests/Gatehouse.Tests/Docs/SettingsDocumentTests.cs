using Gatehouse.Core.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.Docs;

public class SettingsDocumentTests
{
    [Fact]
    public Task The_page_of_settings_is_what_the_code_says() =>
        Repository.ExpectAsync("docs/settings.md", SettingsDocument.Write(Catalog()));

    private static SettingsCatalog Catalog()
    {
        var services = new ServiceCollection().AddLogging().AddGatehouse(new ConfigurationBuilder().Build());
        return services.Select(s => s.ImplementationInstance).OfType<SettingsCatalog>().Single();
    }
}
