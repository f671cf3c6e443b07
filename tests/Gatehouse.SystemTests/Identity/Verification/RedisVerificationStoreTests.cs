using Gatehouse.Identity.Verification;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.Verification;

/// <summary>The store in Redis.</summary>
public sealed class RedisVerificationStoreTests(RedisApp running) : VerificationStoreSuite(running.App), IClassFixture<RedisApp>
{
    internal override IVerificationStore Store { get; } = running.App.Services.GetRequiredService<IVerificationStore>();

    protected override bool EndByThemselves => true;

    [Fact]
    public void The_setting_chooses_the_store() => Assert.IsType<RedisVerificationStore>(Store);
}
