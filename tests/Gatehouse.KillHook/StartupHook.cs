using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

/// <summary>
/// Ends the program that carries it by SIGKILL, as a power cut would, between two of its steps. The program knows nothing of it: its steps
/// are its trace spans. <c>GATEHOUSE_KILL_AT</c> names the span (<c>*</c> for any), <c>start</c>, <c>stop</c> or <c>*</c>, and the
/// how-manieth of them.
/// </summary>
[SuppressMessage("Design", "CA1050", Justification = "The runtime looks for a start-up hook under this name.")]
[SuppressMessage("Design", "MA0047", Justification = "The runtime looks for a start-up hook under this name.")]
internal static class StartupHook
{
    private static readonly Process Self = Process.GetCurrentProcess();

    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable("GATEHOUSE_KILL_AT")?.Split(' ') is not [var span, var edge, var count])
            return;

        var left = int.Parse(count, CultureInfo.InvariantCulture);
        ActivitySource.AddActivityListener(
            new ActivityListener
            {
                ShouldListenTo = source => source.Name == "Npgsql" || source.Name.StartsWith("Gatehouse.", StringComparison.Ordinal),
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
                ActivityStarted = activity => Pass(activity, "start"),
                ActivityStopped = activity => Pass(activity, "stop"),
            }
        );

        void Pass(Activity activity, string passed)
        {
            if ((span == "*" || span == activity.OperationName) && (edge == "*" || edge == passed) && Interlocked.Decrement(ref left) == 0)
                Self.Kill();
        }
    }
}
