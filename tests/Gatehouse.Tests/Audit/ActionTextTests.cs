using System.Text.RegularExpressions;
using Gatehouse.Tests.Architecture;
using Gatehouse.Web;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.Audit;

public sealed partial class ActionTextTests
{
    [Fact]
    public void Every_action_that_is_recorded_has_a_text()
    {
        var actions = SourceTree
            .Sources()
            .SelectMany(f => Recorded.Matches(f.Text))
            .Select(m => m.Groups[1].Value + m.Groups[2].Value)
            .Distinct()
            .ToList();

        Assert.Contains("registration.started", actions);
        Assert.Empty(actions.Select(action => "audit." + action).Except(Texts()));
    }

    [Fact]
    public void Every_text_is_of_an_action_that_is_recorded()
    {
        var sources = string.Concat(SourceTree.Sources().Select(f => f.Text));

        var actions = Texts().Where(code => code.StartsWith("audit.", StringComparison.Ordinal)).Select(code => code["audit.".Length..]);
        Assert.All(actions, action => Assert.Contains($"\"{action}\"", sources, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Texts() =>
        new MessageCatalog(
            new ServiceCollection()
                .AddGatehouse(new ConfigurationBuilder().Build())
                .Select(s => s.ImplementationInstance)
                .OfType<TextSource>()
        ).Codes(Languages.Default);

    [GeneratedRegex("""AuditRecord(?:\.Of)?\([^"()]*"([\w.-]+)"|Action = "([\w.-]+)"\s*\}\)""", RegexOptions.CultureInvariant)]
    private static partial Regex Recorded { get; }
}
