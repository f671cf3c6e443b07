using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Gatehouse.Contracts.Events;
using Gatehouse.Contracts.PersonalData;
using Gatehouse.Tests.Docs;

namespace Gatehouse.Tests.Contracts;

/// <summary>One recorded sample a version: what was once written stays readable. A sample never changes; a new version gets a new
/// one.</summary>
public partial class EventSamplesTests
{
    // Samples are of before times had six digits.
    [GeneratedRegex(@"(?<="")(\d{4}-\d\d-\d\dT[0-9:]{8})\+00:00(?="")", RegexOptions.CultureInvariant)]
    private static partial Regex Time { get; }

    public static TheoryData<string> Samples => [.. Recorded];

    private static IEnumerable<string> Recorded => Directory.GetFiles(Folder, "*.json").Select(f => Path.GetFileNameWithoutExtension(f));

    private static string Folder => Path.Combine(Repository.Root, "tests", "Gatehouse.Tests", "Contracts", "samples");

    private static Dictionary<string, Type> Types =>
        EventsDocument
            .Events.ToDictionary(EventsDocument.TypeOf, t => t, StringComparer.Ordinal)
            .Concat(
                typeof(IEvent)
                    .Assembly.GetTypes()
                    .Where(t => !t.IsInterface && t.IsAssignableTo(typeof(IPersonalData)))
                    .Select(t => KeyValuePair.Create((string)t.GetProperty(nameof(IPersonalData.Schema))!.GetValue(null)!, t))
            )
            .Append(KeyValuePair.Create("envelope", typeof(EventEnvelope)))
            .ToDictionary(StringComparer.Ordinal);

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task Every_recorded_version_is_read_and_written_whole(string sample)
    {
        var recorded = await File.ReadAllTextAsync(Path.Combine(Folder, sample + ".json"));
        Assert.True(Types.TryGetValue(sample, out var type), $"{sample} was written once and nothing reads it any more.");
        var read = JsonSerializer.Deserialize(recorded, type, EventJson.Default)!;

        Assert.All(type.GetProperties(BindingFlags.Public | BindingFlags.Instance), member => Assert.NotNull(member.GetValue(read)));
        Assert.True(
            JsonNode.DeepEquals(
                JsonNode.Parse(Time.Replace(recorded, "$1.000000Z")),
                JsonSerializer.SerializeToNode(read, type, EventJson.Default)
            ),
            $"{sample} is written in another form than it was."
        );
    }

    [Theory]
    [InlineData("2026-01-31T10:00:10.33982+00:00", "2026-01-31T10:00:10.339820Z")]
    [InlineData("2026-01-31T10:00:10.3398200+00:00", "2026-01-31T10:00:10.339820Z")]
    [InlineData("2026-01-31T10:00:10+00:00", "2026-01-31T10:00:10.000000Z")]
    [InlineData("2026-01-31T15:30:10.5+05:30", "2026-01-31T10:00:10.500000Z")]
    [InlineData("2026-01-31T10:00:10.000001Z", "2026-01-31T10:00:10.000001Z")]
    public void Times_of_every_form_are_read_and_written_in_one(string earlier, string now)
    {
        var sample = $$$"""
            {"notificationId":"0193b3a0-5c00-7a10-8f00-000000000002","channel":"email","template":"t","language":"hi",
             "expiresAt":"{{{earlier}}}","personal":{"subject":"0193b3a0-5c00-7a10-8f00-000000000003","data":"AA=="}}
            """;
        var read = JsonSerializer.Deserialize(sample, EventJson.Default.NotificationRequestedV1)!;

        Assert.Contains(
            $"\"expiresAt\":\"{now}\"",
            JsonSerializer.Serialize(read, EventJson.Default.NotificationRequestedV1),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Every_version_has_a_recorded_sample() =>
        Assert.Equal(Types.Keys.Order(StringComparer.Ordinal), Recorded.Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("userId")]
    [InlineData("channel")]
    public void A_missing_member_is_a_fault_and_an_unknown_one_is_not(string member)
    {
        var sample = JsonNode
            .Parse("""{"userId":"0193b3a0-5c00-7a10-8f00-000000000001","channel":"email","method":"code","later":1}""")!
            .AsObject();
        Assert.NotNull(sample.Deserialize(EventJson.Default.UserVerifiedV1));

        sample.Remove(member);
        Assert.Throws<JsonException>(() => sample.Deserialize(EventJson.Default.UserVerifiedV1));
    }

    [Fact]
    public void Personal_data_prints_no_values()
    {
        Assert.DoesNotContain("Ada", new UserPersonalV1("Ada", "ada@example.com", "ada").ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(
            "Ada",
            new UserChangesV1(
                new Dictionary<string, string>(StringComparer.Ordinal) { ["name"] = "Ada" },
                new Dictionary<string, string>(StringComparer.Ordinal)
            ).ToString(),
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(
            "ada",
            new NotificationPersonalV1("ada@example.com", new Dictionary<string, string>(StringComparer.Ordinal)).ToString(),
            StringComparison.Ordinal
        );
    }
}
