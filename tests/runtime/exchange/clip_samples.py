"""What Excel and LibreOffice put on the clipboard as HTML for alike rows, with the text beside it.

The table of LibreOffice was written by the filter of Calc 7.4.7; that of Excel follows what its 15.0 writes.
"""

# ruff: noqa: E501 - lines are as long as the programs write them

EXCEL = """<html xmlns:v="urn:schemas-microsoft-com:vml"
xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:x="urn:schemas-microsoft-com:office:excel"
xmlns="http://www.w3.org/TR/REC-html40">

<head>
<meta http-equiv=Content-Type content="text/html; charset=utf-8">
<meta name=ProgId content=Excel.Sheet>
<meta name=Generator content="Microsoft Excel 15">
<link id=Main-File rel=Main-File
href="file:///C:/Users/li/AppData/Local/Temp/msohtmlclip1/01/clip.htm">
<style>
<!--table
	{mso-displayed-decimal-separator:"\\.";
	mso-displayed-thousand-separator:"\\,";}
@page
	{margin:.75in .7in .75in .7in;}
tr
	{mso-height-source:auto;}
col
	{mso-width-source:auto;}
br
	{mso-data-placement:same-cell;}
td
	{padding-top:1px;
	mso-number-format:General;
	text-align:general;}
.xl65
	{mso-number-format:"\\#\\,\\#\\#0\\.00";}
.xl66
	{mso-number-format:"Short Date";}
.xl67
	{mso-number-format:0%;}
.xl68
	{white-space:normal;}
-->
</style>
</head>

<body link="#0563C1" vlink="#954F72">

<table border=0 cellpadding=0 cellspacing=0 width=360 style='border-collapse:
 collapse;width:270pt'>
<!--StartFragment-->
 <col width=72 span=5 style='width:54pt'>
 <tr height=20 style='height:15.0pt'>
  <td height=20 width=72 style='height:15.0pt;width:54pt'>A-10</td>
  <td class=xl65 align=right width=72 style='width:54pt'>1,234.50</td>
  <td class=xl66 align=right width=72 style='width:54pt'>2024/3/5</td>
  <td class=xl67 align=right width=72 style='width:54pt'>12%</td>
  <td class=xl68 width=72 style='width:54pt'>first line<br>
    second &quot;line&quot;</td>
 </tr>
 <tr height=20 style='height:15.0pt'>
  <td height=20 style='height:15.0pt'>A-11</td>
  <td class=xl65 align=right>0.10</td>
  <td class=xl66 align=right>2024/12/31</td>
  <td class=xl67 align=right>5%</td>
  <td>a &lt;b&gt; &amp; a very long text that Excel breaks in
  the source</td>
 </tr>
 <![if supportMisalignedColumns]>
 <tr height=0 style='display:none'>
  <td width=72 style='width:54pt'></td>
  <td width=72 style='width:54pt'></td>
  <td width=72 style='width:54pt'></td>
  <td width=72 style='width:54pt'></td>
  <td width=72 style='width:54pt'></td>
 </tr>
 <![endif]>
<!--EndFragment-->
</table>

</body>

</html>
"""

EXCEL_TEXT = (
    'A-10\t1,234.50 \t2024/3/5\t12%\t"first line\nsecond ""line"""\r\n'
    "A-11\t0.10 \t2024/12/31\t5%\ta <b> & a very long text that Excel breaks in the source\r\n"
)

LIBREOFFICE = """<!DOCTYPE html>

<html>
<head>

	<meta http-equiv="content-type" content="text/html; charset=utf-8"/>
	<title></title>
	<meta name="generator" content="LibreOffice 7.4.7.2 (Linux)"/>

	<style type="text/css">
		body,div,table,thead,tbody,tfoot,tr,th,td,p { font-family:"Calibri"; font-size:x-small }
		a.comment-indicator:hover + comment { background:#ffd; position:absolute; display:block; border:1px solid black; padding:0.5em;  }
		a.comment-indicator { background:red; display:inline-block; border:1px solid black; width:0.5em; height:0.5em;  }
		comment { display:none;  }
	</style>

</head>

<body>
<table cellspacing="0" border="0">
	<colgroup span="5" width="80"></colgroup>
	<tr>
		<td height="20" align="left" valign=bottom><font color="#000000">A-10</font></td>
		<td align="right" valign=bottom sdval="1234.5" sdnum="1033;0;#,##0.00"><font color="#000000">1,234.50</font></td>
		<td align="right" valign=bottom sdval="45356" sdnum="1033;0;MM/DD/YY"><font color="#000000">03/05/24</font></td>
		<td align="right" valign=bottom sdval="0.123456" sdnum="1033;0;0%"><font color="#000000">12%</font></td>
		<td align="left" valign=bottom><font color="#000000">first line<br>second &quot;line&quot;</font></td>
	</tr>
	<tr>
		<td height="20" align="left" valign=bottom><font color="#000000">A-11</font></td>
		<td align="right" valign=bottom sdval="0.1" sdnum="1033;0;#,##0.00"><font color="#000000">0.10</font></td>
		<td align="right" valign=bottom sdval="45657" sdnum="1033;0;MM/DD/YY"><font color="#000000">12/31/24</font></td>
		<td align="right" valign=bottom sdval="0.05" sdnum="1033;0;0%"><font color="#000000">5%</font></td>
		<td align="left" valign=bottom><font color="#000000"><br></font></td>
	</tr>
</table>
<!-- ************************************************************************** -->
</body>

</html>
"""

LIBREOFFICE_TEXT = 'A-10\t1,234.50\t03/05/24\t12%\t"first line\nsecond ""line"""\nA-11\t0.10\t12/31/24\t5%\t\n'
