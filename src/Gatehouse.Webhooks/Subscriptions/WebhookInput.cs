using System.Buffers;
using Gatehouse.Core.Results;
using Gatehouse.Web;
using Gatehouse.Webhooks.Data;

namespace Gatehouse.Webhooks.Subscriptions;

/// <summary>What is said of a webhook by those who manage it.</summary>
internal static class WebhookInput
{
    // Of an address that two programs could read differently, or that names a user.
    private static readonly SearchValues<char> Strange = SearchValues.Create("#\\\"<>@");

    public const int MaxAddress = 1000;
    public const int MaxDescription = 200;
    public const int MaxEvents = 50;
    public const string AddressNotAllowed = "webhooks.address-not-allowed";
    public const string EventUnknown = "webhooks.event-unknown";

    /// <summary>An address that events may be posted to; whether its host may be connected to is seen then.</summary>
    public static string? ParseAddress(string? input, bool allowHttp, ValidationErrors errors)
    {
        if (TextInput.IsBlank(input))
            errors.Add("address", ValidationCodes.Required);
        else if (input!.Length > MaxAddress)
            errors.Add("address", ValidationCodes.TooLong, TextInput.Limits(("max", MaxAddress)));
        else if (IsAllowed(input, allowHttp))
            return input;
        else
            errors.Add("address", AddressNotAllowed);
        return null;
    }

    public static string ParseDescription(string? input, ValidationErrors errors) =>
        TextInput.IsBlank(input) ? "" : OneLine.Parse(input, "description", MaxDescription, errors) ?? "";

    public static string[] ParseEvents(IReadOnlyList<string>? input, ValidationErrors errors)
    {
        if (input is null || input.Count == 0)
            errors.Add("events", ValidationCodes.Required);
        else if (input.Count > MaxEvents)
            errors.Add("events", ValidationCodes.OutOfRange, TextInput.Limits(("min", 1), ("max", MaxEvents)));
        else if (!input.All(EventNames.Known.Contains))
            errors.Add("events", EventUnknown);
        return [.. (input ?? []).Take(MaxEvents).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    public static Guid? ParseOrganization(string? input, ValidationErrors errors)
    {
        if (TextInput.IsBlank(input))
            return null;
        if (Guid.TryParseExact(input, "D", out var id) && id != Guid.Empty)
            return id;
        errors.Add("organizationId", ValidationCodes.WrongType, TextInput.Limits(("expected", "UUID")));
        return null;
    }

    // What the parser would write otherwise could be read otherwise.
    private static bool IsAllowed(string text, bool allowHttp) =>
        !text.AsSpan().ContainsAnyExceptInRange('!', '~')
        && !text.AsSpan().ContainsAny(Strange)
        && Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && uri.Host.Length > 0
        && (text.StartsWith("https://", StringComparison.Ordinal) || (allowHttp && text.StartsWith("http://", StringComparison.Ordinal)));
}
