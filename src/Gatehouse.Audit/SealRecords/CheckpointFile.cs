using System.Text;
using Gatehouse.Audit.Data;

namespace Gatehouse.Audit;

/// <summary>The file of checkpoints, one a line, only ever appended to.</summary>
internal sealed class CheckpointFile(AuditOptions options)
{
    public async Task AppendAsync(Checkpoint checkpoint)
    {
        if (options.CheckpointFile.Length == 0)
            return;
        await using var file = new FileStream(
            options.CheckpointFile,
            new FileStreamOptions
            {
                Mode = FileMode.Append,
                Access = FileAccess.Write,
                Options = FileOptions.WriteThrough,
            }
        );
        await file.WriteAsync(Encoding.UTF8.GetBytes(checkpoint.ToLine() + "\n"));
    }
}
