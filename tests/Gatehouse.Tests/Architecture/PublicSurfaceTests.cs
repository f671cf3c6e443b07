using System.Reflection;
using System.Text.Json.Serialization;
using Gatehouse.Tests.Docs;
using Microsoft.AspNetCore.Components;
using PublicApiGenerator;

namespace Gatehouse.Tests.Architecture;

/// <summary>What other programs may use of ours is recorded: a change of it is a change of a file here, which WRITE_DOCS=1 writes
/// anew.</summary>
public sealed class PublicSurfaceTests
{
    [Theory]
    [InlineData("Gatehouse")]
    [InlineData("Gatehouse.Client")]
    [InlineData("Gatehouse.Contracts")]
    public async Task The_public_surface_is_as_recorded(string assembly)
    {
        // What a generator writes for a JSON context is not ours to promise, and pages are public only because Razor makes them so.
        var types = Assembly
            .Load(assembly)
            .GetExportedTypes()
            .Where(type => !type.IsAssignableTo(typeof(JsonSerializerContext)) && !type.IsAssignableTo(typeof(IComponent)))
            .ToArray();
        var surface = types.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false }).ReplaceLineEndings("\n");

        var file = Path.Combine(Repository.Root, "tests", "Gatehouse.Tests", "Architecture", "PublicSurface", assembly + ".txt");
        if (Environment.GetEnvironmentVariable("WRITE_DOCS") == "1")
            await File.WriteAllTextAsync(file, surface);
        Assert.True(
            File.Exists(file) && await File.ReadAllTextAsync(file) == surface,
            $"The public surface of {assembly} changed: run the tests once with WRITE_DOCS=1, look at {file}, and commit it."
        );
    }
}
