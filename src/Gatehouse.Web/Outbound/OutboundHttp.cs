using System.Diagnostics.CodeAnalysis;
using Microsoft.Security.AntiSSRF;

namespace Gatehouse.Web;

/// <summary>Requests of our own to addresses that settings or users name.</summary>
public static class OutboundHttp
{
    /// <summary>
    /// A client that follows no redirect, keeps no cookies and uses no proxy. It compares the address that it connects to, so no name and
    /// no later answer of a name server gets round it. The time-out is the caller's.
    /// </summary>
    /// <param name="allowPrivateAddresses">Whether loopback, link-local, private and other special addresses may be connected to.</param>
    [SuppressMessage("Reliability", "CA2000", Justification = "The client disposes its handler.")]
    public static HttpClient Create(bool allowPrivateAddresses)
    {
        var policy = new AntiSSRFPolicy(allowPrivateAddresses ? PolicyConfigOptions.None : PolicyConfigOptions.ExternalOnlyLatest)
        {
            AllowPlainTextHttp = true,
            AddXFFHeader = false,
        };
        var handler = policy.GetHandler();
        handler.AllowAutoRedirect = false;
        handler.UseCookies = false;
        handler.MaxResponseHeadersLength = 16;
        // A name may move to other machines.
        handler.PooledConnectionLifetime = TimeSpan.FromMinutes(5);
        var http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.Add("User-Agent", "Gatehouse");
        return http;
    }

    /// <summary>Whether the request failed because it led to a private address.</summary>
    public static bool IsPrivateAddress(Exception failure) =>
        // An unspecified address (0.0.0.0) is an ArgumentException there.
        failure is AntiSSRFException or ArgumentException;
}
