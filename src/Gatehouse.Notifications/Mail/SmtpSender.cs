using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using Gatehouse.Notifications.Sending;
using Gatehouse.Web;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;

namespace Gatehouse.Notifications.Mail;

/// <summary>
/// Sends by SMTP. A connection serves one mail at a time and is kept for the next while mails follow each other. What the server rejects
/// before it hears of the recipient is a matter of the operator's, and the mail waits; a 5xx about the recipient or the mail itself is
/// final (RFC 5321, 4.2.1).
/// </summary>
internal sealed class SmtpSender : IMailSender, IDisposable
{
    public const string SenderName = "smtp";

    // Servers close an idle connection after five minutes (RFC 5321, 4.5.3.2.7), some much earlier.
    private static readonly TimeSpan MaxIdle = TimeSpan.FromSeconds(20);

    private readonly ConcurrentStack<(SmtpConversation Client, long Since)> idle = new();
    private readonly MailOptions options;
    private readonly HttpOptions http;
    private readonly TimeProvider clock;
    private readonly MailTrouble trouble;
    private readonly ITimer sweep;

    public SmtpSender(MailOptions options, HttpOptions http, TimeProvider clock, MailTrouble trouble)
    {
        (this.options, this.http, this.clock, this.trouble) = (options, http, clock, trouble);
        sweep = clock.CreateTimer(_ => CloseIdle(MaxIdle), state: null, MaxIdle, MaxIdle);
    }

    public string Name => SenderName;

    public string TargetSettings => "Mail:Smtp:Host and Mail:Smtp:Port";

    public string Checked => "the server accepts the sender Mail:From; without a mail no more can be checked";

    private SmtpOptions Smtp => options.Smtp;

    public Task<SendResult> SendAsync(OutgoingMail mail, CancellationToken cancellationToken) =>
        TryAsync((client, stop) => SendAsync(client, mail, stop), cancellationToken);

    public Task<SendResult> CheckAsync(CancellationToken cancellationToken) => TryAsync(AskAsync, cancellationToken);

    public void Dispose()
    {
        sweep.Dispose();
        CloseIdle(TimeSpan.Zero);
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "A client is kept for the next mail, or disposed of here.")]
    private async Task<SendResult> TryAsync(
        Func<SmtpConversation, CancellationToken, Task<SendResult>> use,
        CancellationToken cancellationToken
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(Smtp.TimeoutSeconds));
        SmtpConversation? client = null;
        try
        {
            client = await KeptAsync(limit.Token);
            if (client is null)
            {
                client = New();
                if (await OpenAsync(client, limit.Token) is { } rejected)
                    return trouble.Tell(rejected);
            }

            var result = trouble.Tell(await use(client, limit.Token));
            if (client.IsConnected)
            {
                idle.Push((client, clock.GetTimestamp()));
                client = null;
            }

            return result;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new SendResult(SendOutcome.TryAgain, "smtp time-out");
        }
        catch (TimeoutException)
        {
            return new SendResult(SendOutcome.TryAgain, "smtp time-out");
        }
        catch (Exception e) when (e is IOException or SocketException or ProtocolException or ServiceNotConnectedException)
        {
            return new SendResult(SendOutcome.TryAgain, "smtp away");
        }
        finally
        {
            client?.Dispose();
        }
    }

    /// <summary>A connection that was kept and still answers.</summary>
    private async Task<SmtpConversation?> KeptAsync(CancellationToken cancellationToken)
    {
        while (idle.TryPop(out var kept))
        {
            try
            {
                await kept.Client.NoOpAsync(cancellationToken);
                return kept.Client;
            }
            catch (Exception e)
                when (e is IOException or SocketException or ProtocolException or CommandException or ServiceNotConnectedException)
            {
                kept.Client.Dispose();
            }
            catch
            {
                kept.Client.Dispose();
                throw;
            }
        }

        return null;
    }

    private SmtpConversation New() =>
        new()
        {
            LocalDomain = Smtp.EhloName.Length > 0 ? Smtp.EhloName : http.PublicBase.IdnHost,
            CheckCertificateRevocation = Smtp.CheckRevocation,
            Timeout = Smtp.TimeoutSeconds * 1000,
        };

    /// <returns>The rejection; null when the server takes mails now.</returns>
    private async Task<SendResult?> OpenAsync(SmtpConversation client, CancellationToken cancellationToken)
    {
        try
        {
            await client.ConnectAsync(
                Smtp.Host,
                Smtp.Port,
                Smtp.Security switch
                {
                    SmtpOptions.ImplicitTls => SecureSocketOptions.SslOnConnect,
                    SmtpOptions.StartTls => SecureSocketOptions.StartTls,
                    _ => SecureSocketOptions.None,
                },
                cancellationToken
            );
        }
        catch (SmtpCommandException e)
        {
            return Rejected(e, "connect");
        }
        catch (SslHandshakeException)
        {
            return SendResult.Misconfigured("smtp tls: the server speaks no TLS here, or its certificate is not trusted");
        }
        catch (NotSupportedException)
        {
            return SendResult.Misconfigured("smtp tls: the server offers no STARTTLS");
        }

        return Smtp.Username.Length == 0 ? null : await AuthenticateAsync(client, cancellationToken);
    }

    private async Task<SendResult?> AuthenticateAsync(SmtpConversation client, CancellationToken cancellationToken)
    {
        try
        {
            if (Smtp.Authentication == SmtpOptions.XOAuth2)
            {
                var token =
                    Smtp.AccessTokenFile.Length > 0
                        ? (await File.ReadAllTextAsync(Smtp.AccessTokenFile, cancellationToken)).Trim()
                        : Smtp.Password;
                await client.AuthenticateAsync(new SaslMechanismOAuth2(Smtp.Username, token), cancellationToken);
                return null;
            }

            client.AuthenticationMechanisms.IntersectWith(
                Smtp.Authentication == SmtpOptions.ByPassword ? ["PLAIN", "LOGIN"] : [Smtp.Authentication.ToUpperInvariant()]
            );
            if (client.AuthenticationMechanisms.Count == 0)
                return SendResult.Misconfigured("smtp auth: the server does not offer this way to authenticate");
            await client.AuthenticateAsync(Smtp.Username, Smtp.Password, cancellationToken);
            return null;
        }
        catch (SmtpCommandException e)
        {
            return Rejected(e, "auth");
        }
        catch (AuthenticationException e)
        {
            return e.InnerException is SmtpCommandException inner
                ? Rejected(inner, "auth")
                : SendResult.Misconfigured("smtp auth: the server rejects the user name, password or token");
        }
        catch (NotSupportedException)
        {
            return SendResult.Misconfigured("smtp auth: the server does not offer this way to authenticate");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            return SendResult.Misconfigured("smtp auth: Mail:Smtp:AccessTokenFile cannot be read");
        }
    }

    private async Task<SendResult> SendAsync(SmtpConversation client, OutgoingMail mail, CancellationToken cancellationToken)
    {
        try
        {
            using var message = SmtpMessage.Compose(mail, options.ReadFrom(), clock.GetUtcNow());
            client.SenderIsAccepted = false;
            await client.SendAsync(message, cancellationToken);
            return new SendResult(SendOutcome.Accepted);
        }
        catch (SmtpCommandException e)
        {
            // Behind MAIL the server speaks of this recipient and this mail. Its own text may repeat the address; the status alone is kept.
            return e.ErrorCode == SmtpErrorCode.SenderNotAccepted
                ? Rejected(e, "mail")
                : new SendResult((int)e.StatusCode >= 500 ? SendOutcome.Refused : SendOutcome.TryAgain, $"smtp {(int)e.StatusCode}");
        }
        catch (ServiceNotAuthenticatedException)
        {
            if (!client.SenderIsAccepted)
                return SendResult.Misconfigured("smtp 530 at mail");
            await client.ForgetMailAsync(cancellationToken);
            return new SendResult(SendOutcome.Refused, "smtp 530");
        }
        catch (FormatException)
        {
            return new SendResult(SendOutcome.Refused, "address not usable");
        }
    }

    /// <summary>Says from whom mail would come, and takes it back.</summary>
    private async Task<SendResult> AskAsync(SmtpConversation client, CancellationToken cancellationToken)
    {
        var status = await client.AskForSenderAsync(options.ReadFrom().Address, cancellationToken);
        return (int)status < 400 ? new SendResult(SendOutcome.Accepted) : Rejected(status, "mail");
    }

    private static SendResult Rejected(SmtpCommandException e, string step) => Rejected(e.StatusCode, step);

    private static SendResult Rejected(SmtpStatusCode status, string step) =>
        (int)status >= 500
            ? SendResult.Misconfigured($"smtp {(int)status} at {step}")
            : new SendResult(SendOutcome.TryAgain, $"smtp {(int)status}");

    private void CloseIdle(TimeSpan since)
    {
        var kept = new List<(SmtpConversation Client, long Since)>();
        while (idle.TryPop(out var one))
        {
            if (clock.GetElapsedTime(one.Since) >= since)
                one.Client.Dispose();
            else
                kept.Add(one);
        }

        foreach (var one in Enumerable.Reverse(kept))
            idle.Push(one);
    }
}
