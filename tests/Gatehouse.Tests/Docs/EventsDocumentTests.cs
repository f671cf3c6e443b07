using Gatehouse.Messaging;
using Gatehouse.Web.Modules;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.Docs;

public class EventsDocumentTests
{
    [Fact]
    public Task The_page_of_events_is_what_the_code_says()
    {
        var services = new ServiceCollection().AddLogging().AddGatehouse(new ConfigurationBuilder().Build());
        var modules = services.Select(s => s.ImplementationInstance).OfType<IModule>().Select(m => m.GetType().Assembly);
        var subscribers = services
            .Select(s => s.ImplementationInstance)
            .OfType<Subscription>()
            .ToLookup(s => s.EventType, s => s.Name, StringComparer.Ordinal);
        return Repository.ExpectAsync("docs/events.md", EventsDocument.Write(modules, subscribers));
    }
}
