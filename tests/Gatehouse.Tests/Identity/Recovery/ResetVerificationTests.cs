using System.Text.Json;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Recovery;
using Gatehouse.Identity.Verification;

namespace Gatehouse.Tests.Identity.Recovery;

public class ResetVerificationTests
{
    [Fact]
    public void What_a_reset_does_not_know_is_read_back_as_unknown()
    {
        var json = JsonSerializer.Serialize(
            new ResetPayload("email", [1], Network: null, Device: null),
            ResetPayloadJson.Default.ResetPayload
        );

        var read = JsonSerializer.Deserialize(json, ResetPayloadJson.Default.ResetPayload)!;
        Assert.Equal(("email", null, null), (read.Kind, read.Network, read.Device));
    }

    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(null, false)]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    public void A_password_that_was_changed_since_supersedes_a_reset(int? seconds, bool isSuperseded)
    {
        var user = new StoredUser { PasswordChangedAt = seconds is null ? null : Start.AddSeconds(seconds.Value) };

        Assert.Equal(isSuperseded, new PendingVerification { CreatedAt = Start }.IsSupersededFor(user));
    }
}
