using System.ComponentModel.DataAnnotations;
using Gatehouse.Runtime.Settings;

namespace Gatehouse.Audit;

/// <summary>What happened, and the proof that it was not altered since.</summary>
public sealed class AuditOptions : ICheckSettings
{
    /// <summary>Days a record is kept at least: 400 to 4,000, default 400. Records go a month at a time, and those not sealed yet stay longer.</summary>
    [Range(400, 4_000)]
    public int RetentionDays { get; set; } = 400;

    /// <summary>
    /// File that the checkpoints are appended to, a JSON object a line: keep it where whoever can change the database cannot write. Empty
    /// (default): they stand in the log only. Development mode keeps one in the data folder.
    /// </summary>
    public string CheckpointFile { get; set; } = "";

    /// <summary>Whether this process may append to the file, asked by opening it; so an empty one may be left.</summary>
    public bool CanAppend()
    {
        if (CheckpointFile.Length == 0) return true;
        var isNew = !File.Exists(CheckpointFile);
        try
        {
            using (new FileStream(CheckpointFile, FileMode.Append, FileAccess.Write))
            {
                // Opening it is the whole question.
            }

            if (isNew) File.Delete(CheckpointFile);
            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    public IEnumerable<ValidationResult> Check(SettingsMode mode)
    {
        if (CheckpointFile.Length > 0 && (Directory.Exists(CheckpointFile) || !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(CheckpointFile)))))
            yield return new ValidationResult("must name a file in a folder that exists", [nameof(CheckpointFile)]);
    }
}
