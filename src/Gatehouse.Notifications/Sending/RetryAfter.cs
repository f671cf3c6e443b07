using System.Net.Http.Headers;

namespace Gatehouse.Notifications.Sending;

/// <summary>How long a provider asks to be left alone.</summary>
internal static class RetryAfter
{
    // It must not be able to delay messages forever.
    private static readonly TimeSpan Max = TimeSpan.FromHours(1);

    public static TimeSpan Read(HttpResponseMessage response, TimeProvider clock)
    {
        RetryConditionHeaderValue? header = response.Headers.RetryAfter;
        var wait = header?.Delta ?? header?.Date - clock.GetUtcNow() ?? TimeSpan.Zero;
        return wait < Max ? wait : Max;
    }
}
