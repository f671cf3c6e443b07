namespace Gatehouse.Notifications.Mail;

/// <summary>A way out for mail; chosen by name in the settings.</summary>
internal interface IMailSender
{
    /// <summary>The name it is chosen by, such as <c>smtp</c>.</summary>
    string Name { get; }

    /// <summary>
    /// Hands one mail over. It may come a second time after a crash; the far side knows it by its id. Failures that may pass are results,
    /// and their reasons hold no address.
    /// </summary>
    Task<HandOver> SendAsync(OutgoingMail mail, CancellationToken cancellationToken);
}

internal sealed record OutgoingMail(Guid Id, Guid TenantId, string To, string Subject, string Text, string Html)
{
    public override string ToString() => $"mail {Id}";
}

internal enum HandOverResult
{
    Accepted,
    TryAgain,
    Refused,
}

/// <param name="Reason">Stored and logged: a status, never an address or a server's own words.</param>
internal readonly record struct HandOver(HandOverResult Result, string Reason = "");
