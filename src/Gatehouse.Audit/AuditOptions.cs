using System.ComponentModel.DataAnnotations;
using Gatehouse.Core.Configuration;

namespace Gatehouse.Audit;

/// <summary>Tamper-evident audit log.</summary>
public sealed class AuditOptions : ICheckSettings
{
    /// <summary>
    /// Minimum retention of records in days: 400 to 4,000, default 400. Records are deleted one month at a time; unsealed records are
    /// kept.
    /// </summary>
    [Range(400, 4_000)]
    public int RetentionDays { get; set; } = 400;

    /// <summary>
    /// File to which checkpoints are appended as JSON lines. Keep it where database administrators cannot write. Empty (default):
    /// checkpoints are written to the log only. Development mode keeps the file in the data folder.
    /// </summary>
    public string CheckpointFile { get; set; } = "";

    /// <summary>Whether this process may append to the file, asked by opening it; so an empty one may be left.</summary>
    public bool CanAppend()
    {
        if (CheckpointFile.Length == 0)
            return true;
        var isNew = !File.Exists(CheckpointFile);
        try
        {
            using (new FileStream(CheckpointFile, FileMode.Append, FileAccess.Write))
            {
                // Opening it is the whole question.
            }

            if (isNew)
                File.Delete(CheckpointFile);
            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    public IEnumerable<ValidationResult> Check(SettingsMode mode)
    {
        if (
            CheckpointFile.Length > 0
            && (Directory.Exists(CheckpointFile) || !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(CheckpointFile))))
        )
            yield return new ValidationResult("must name a file in a folder that exists", [nameof(CheckpointFile)]);
    }
}
