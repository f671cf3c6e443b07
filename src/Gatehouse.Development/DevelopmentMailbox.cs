using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Development.Mailbox;
using Gatehouse.Notifications.Mail;
using Gatehouse.Notifications.Sms;
using Gatehouse.Web;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Development;

/// <summary>
/// Keeps messages at <c>/inbox</c> instead of sending them, with the settings <c>Mail:Sender=inbox</c> and <c>Sms:Sender=inbox</c>. Codes and links of everybody can be read
/// there without signing in, so it belongs into development only.
/// </summary>
public static class DevelopmentMailbox
{
    public static IServiceCollection AddDevelopmentMailbox(this IServiceCollection services)
    {
        services.AddTexts(typeof(DevelopmentMailbox).Assembly);
        services.AddRequests(MailboxJson.Default);
        services.AddSingleton<MailboxSignal>();
        services.AddSingleton<MailboxSender>();
        services.AddKeyedSingleton<IMailSender>(MailboxSender.SenderName, (provider, _) => provider.GetRequiredService<MailboxSender>());
        services.AddKeyedSingleton<ITextSender>(MailboxSender.SenderName, (provider, _) => provider.GetRequiredService<MailboxSender>());
        services.AddSingleton<ListMailboxMessages.Handler>();
        return services;
    }

    public static IEndpointRouteBuilder MapDevelopmentMailbox(this IEndpointRouteBuilder routes)
    {
        var own = routes.MapOwn();
        ListMailboxMessages.Map(own);
        WatchMailbox.Map(own);
        return routes;
    }
}

/// <summary>The JSON form of the mailbox's responses.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(IReadOnlyList<MailboxMessage>))]
internal sealed partial class MailboxJson : JsonSerializerContext;
