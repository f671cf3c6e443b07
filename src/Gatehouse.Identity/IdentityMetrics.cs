using System.Diagnostics.Metrics;

namespace Gatehouse.Identity;

/// <summary>What operators watch of sign-up, sign-in and recovery. Tags never name a person.</summary>
internal sealed class IdentityMetrics : IDisposable
{
    public const string MeterName = "Gatehouse.Identity";

    private readonly Meter meter;
    private readonly Counter<long> started;
    private readonly Counter<long> completed;
    private readonly Counter<long> refused;
    private readonly Counter<long> purged;
    private readonly Counter<long> breachChecks;
    private readonly Counter<long> sessionsStarted;
    private readonly Counter<long> sessionsEnded;
    private readonly Counter<long> refreshes;
    private readonly Counter<long> signInsRefused;
    private readonly Counter<long> rehashed;
    private readonly Counter<long> resetsRequested;
    private readonly Counter<long> resetsCompleted;
    private readonly Counter<long> resetsRefused;

    public IdentityMetrics(IMeterFactory factory)
    {
        meter = factory.Create(MeterName);
        started = meter.CreateCounter<long>("gatehouse.registrations.started", "{registration}", "Registrations begun, known addresses included.");
        completed = meter.CreateCounter<long>("gatehouse.registrations.completed", "{registration}", "Registrations that became a user, by method.");
        refused = meter.CreateCounter<long>("gatehouse.registrations.refused", "{attempt}", "Codes and links that were refused, by error code.");
        purged = meter.CreateCounter<long>("gatehouse.registrations.purged", "{registration}", "Registrations removed when their day was over, finished ones included.");
        breachChecks = meter.CreateCounter<long>("gatehouse.passwords.breach_checks", "{password}", "New passwords looked up in breaches, by result.");
        sessionsStarted = meter.CreateCounter<long>("gatehouse.sessions.started", "{session}", "Sessions begun, by method.");
        sessionsEnded = meter.CreateCounter<long>("gatehouse.sessions.ended", "{session}", "Sessions ended before their time, by reason.");
        refreshes = meter.CreateCounter<long>("gatehouse.sessions.refreshes", "{attempt}", "Refresh tokens shown, by what became of them.");
        signInsRefused = meter.CreateCounter<long>("gatehouse.sign_ins.refused", "{attempt}", "Sign-ins that were refused, by error code.");
        rehashed = meter.CreateCounter<long>("gatehouse.passwords.rehashed", "{password}", "Passwords hashed anew at a sign-in, because the settings ask for more than their hash had.");
        resetsRequested = meter.CreateCounter<long>("gatehouse.password_resets.requested", "{reset}", "New passwords asked for, unknown identifiers included.");
        resetsCompleted = meter.CreateCounter<long>("gatehouse.password_resets.completed", "{reset}", "Passwords set anew, by method.");
        resetsRefused = meter.CreateCounter<long>("gatehouse.password_resets.refused", "{attempt}", "Codes, links and passwords of resets that were refused, by error code.");
    }

    public void RegistrationStarted() => started.Add(1);

    public void RegistrationCompleted(string method) => completed.Add(1, new KeyValuePair<string, object?>("method", method));

    public void ConfirmationRefused(string code) => refused.Add(1, new KeyValuePair<string, object?>("code", code));

    public void SessionStarted(string method) => sessionsStarted.Add(1, new KeyValuePair<string, object?>("method", method));

    public void SessionsEnded(string reason, int count) => sessionsEnded.Add(count, new KeyValuePair<string, object?>("reason", reason));

    /// <param name="result"><c>rotated</c>, <c>repeated</c>, <c>reused</c>, <c>over</c> or <c>unreadable</c>.</param>
    public void SessionRefreshed(string result) => refreshes.Add(1, new KeyValuePair<string, object?>("result", result));

    public void SignInRefused(string code) => signInsRefused.Add(1, new KeyValuePair<string, object?>("code", code));

    public void PasswordRehashed() => rehashed.Add(1);

    public void ResetRequested() => resetsRequested.Add(1);

    /// <param name="method"><c>code</c> or <c>link</c>.</param>
    public void ResetCompleted(string method) => resetsCompleted.Add(1, new KeyValuePair<string, object?>("method", method));

    public void ResetRefused(string code) => resetsRefused.Add(1, new KeyValuePair<string, object?>("code", code));

    public void RegistrationsPurged(int count) => purged.Add(count);

    public void BreachChecked(string result) => breachChecks.Add(1, new KeyValuePair<string, object?>("result", result));

    public void Dispose() => meter.Dispose();
}
