using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Core.Templates;

/// <summary>An assembly that carries texts of messages as resources named <c>&lt;template&gt;.&lt;language&gt;.mail.txt</c> and
/// <c>.html</c>, and <c>.sms.txt</c> for phones, beside the slice that sends them.</summary>
public sealed record TemplateSource(Assembly Assembly);

public static class TemplateExtensions
{
    public static IServiceCollection AddTemplates(this IServiceCollection services, Assembly assembly) =>
        services.AddSingleton(new TemplateSource(assembly));
}
