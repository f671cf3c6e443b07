using Gatehouse.SystemTests.Harness.Browsing;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestPipelineStartup(typeof(Gatehouse.SystemTests.Harness.EndOfRun))]

namespace Gatehouse.SystemTests.Harness;

/// <summary>After the last test and the last fixture: what the whole run shared is stopped.</summary>
public sealed class EndOfRun : ITestPipelineStartup
{
    public ValueTask StartAsync(IMessageSink diagnosticMessageSink) => ValueTask.CompletedTask;

    public async ValueTask StopAsync()
    {
        await Chromium.StopAsync();
        await TestDatabases.StopAsync();
        Directory.Delete(TestApp.FilesFolder, recursive: true);
    }
}
