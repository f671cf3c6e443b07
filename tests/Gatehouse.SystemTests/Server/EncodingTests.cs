using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Server;

/// <summary>A database of another encoding than UTF8 would fail later, at the first name it cannot hold.</summary>
[Trait("Speed", "Slow")]
public sealed class EncodingTests
{
    [Fact]
    public async Task Databases_that_are_not_UTF8_are_rejected_by_the_doctor_migrations_and_the_start()
    {
        var databases = await TestDatabases.GetAsync();
        var bytes = await databases.CreateWithoutEncodingAsync();
        var empty = await databases.CreateEmptyAsync();
        var (wrongMain, wrongKeys) = (
            await ServeTests.SettingsAsync((bytes, empty.Keys)),
            await ServeTests.SettingsAsync((empty.Main, bytes))
        );

        await using var doctor = await GatehouseProcess.RunAsync(["doctor"], await ServeTests.SettingsAsync((bytes, bytes)));
        await using var migrate = await GatehouseProcess.RunAsync(["migrate"], wrongKeys);
        await using var serve = await GatehouseProcess.RunAsync(["serve"], wrongMain);

        Assert.Equal((1, ""), (await doctor.ExitCodeAsync(), doctor.Errors));
        foreach (var subject in new[] { "database", "key store" })
            Assert.Contains($"ERROR   {subject}: has the encoding SQL_ASCII", doctor.Output, StringComparison.Ordinal);
        Assert.Contains("encoding 'UTF8' template template0", doctor.Output, StringComparison.Ordinal);
        await AssertRejectedAsync(migrate, "key store");
        await AssertRejectedAsync(serve, "main database");
    }

    private static async Task AssertRejectedAsync(GatehouseProcess run, string which)
    {
        Assert.Equal(1, await run.ExitCodeAsync());
        Assert.Contains($"The {which} has the encoding SQL_ASCII", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
    }
}
