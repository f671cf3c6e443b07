using Gatehouse.Core.Actors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Gatehouse.Web;

/// <summary>
/// Marks endpoints of Gatehouse, which may stand beside those of an embedding program: silence about who may call them rejects everybody,
/// and their bodies are small.
/// </summary>
public sealed class OwnEndpoint : IRequestSizeLimitMetadata
{
    private OwnEndpoint() { }

    public static OwnEndpoint Instance { get; } = new();

    public long? MaxRequestBodySize => RequestBody.Limit;
}

/// <summary>Marks endpoints that answer only on a node that is ready.</summary>
internal sealed class ReadyMark
{
    public static ReadyMark Instance { get; } = new();
}

/// <summary>Marks endpoints that have a <see cref="Actor"/>.</summary>
internal sealed class ActorMark
{
    public static ActorMark Instance { get; } = new();
}

/// <summary>Marks what is about the installation as a whole: always in its first tenant, whoever is signed in where.</summary>
internal sealed class PlatformMark
{
    public static PlatformMark Instance { get; } = new();
}

/// <summary>Marks pages.</summary>
/// <param name="SignIn">Leads to sign in and back.</param>
internal sealed record PageMark(Func<HttpContext, IResult> SignIn);

/// <summary>Marks endpoints that are open to users who have to add a second factor first.</summary>
internal sealed class EnrollmentMark
{
    public static EnrollmentMark Instance { get; } = new();
}

/// <summary>Marks endpoints that are open to users who have closed their account.</summary>
internal sealed class ClosedMark
{
    public static ClosedMark Instance { get; } = new();
}

/// <summary>Marks endpoints that continue a browser's session whose access cookie is over.</summary>
internal sealed class RenewalMark
{
    public static RenewalMark Instance { get; } = new();
}

/// <summary>Marks what pages of other sites may show: pictures of users.</summary>
public sealed class EmbeddableMark
{
    private EmbeddableMark() { }

    public static EmbeddableMark Instance { get; } = new();
}

/// <summary>Marks a page's form that has a file: <c>multipart/form-data</c>, larger than others and not only text.</summary>
/// <param name="Page">The page of the form; null for the address to which it is sent.</param>
/// <param name="MaxLength">Of the whole form, in bytes.</param>
/// <param name="TooLarge">The query with which that page says beside the field that the form was larger.</param>
public sealed record FileFormMark(string? Page, int MaxLength, string TooLarge);

internal static class EndpointMarks
{
    public static bool HasMark<TMark>(this HttpContext http)
        where TMark : class => http.GetEndpoint()?.Metadata.GetMetadata<TMark>() is not null;
}
