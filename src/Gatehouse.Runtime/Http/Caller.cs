using Gatehouse.Contracts.Tenants;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Runtime.Http;

/// <summary>For whom an operation runs. Handlers take it instead of the HTTP request, because pages, gRPC and imports call them too.</summary>
/// <param name="Tenant">The population the operation is about.</param>
/// <param name="Language">BCP 47 language of messages and mails.</param>
/// <param name="Client">Whose turn it is where clients share something scarce: the client's address.</param>
public sealed record Caller(Tenant Tenant, string Language, string Client);

public static class CallerExtensions
{
    /// <summary>The caller of this request. Endpoints of the <c>/v1</c> group and pages have one; elsewhere asking is a programming error.</summary>
    public static Caller Caller(this HttpContext http) =>
        http.Features.Get<Caller>() ?? throw new InvalidOperationException("The endpoint is not in a group that resolves the tenant.");
}
