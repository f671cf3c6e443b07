using Gatehouse.Audit;
using Gatehouse.Core.Configuration;

namespace Gatehouse.Tests.Audit;

public class AuditOptionsTests
{
    [Theory]
    [InlineData("", true)]
    [InlineData("checkpoints.jsonl", true)]
    [InlineData("/tmp/checkpoints.jsonl", true)]
    [InlineData("/no/such/folder/checkpoints.jsonl", false)]
    [InlineData("/tmp", false)]
    [InlineData("/", false)]
    public void A_checkpoint_file_stands_in_a_folder_that_exists(string file, bool allowed) =>
        Assert.Equal(
            allowed,
            !new AuditOptions { CheckpointFile = file }
                .Check(SettingsMode.Production)
                .Any()
        );
}
